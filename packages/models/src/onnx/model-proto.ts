import protobuf from 'protobufjs/light.js'

/** One call of an operator. */
export interface Call {
  readonly opType: string
  /** Values by name, constants as they are; an empty name is an input left out. */
  readonly inputs: readonly (string | Constant)[]
  readonly output: string
  readonly attributes: Readonly<Record<string, number | readonly number[]>>
}

/** A tensor that is part of the model. */
export interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array
}

/** An input or output: a size for each dimension, or its name where it is open. */
export interface Endpoint {
  readonly name: string
  /** `Float32Array` where absent. */
  readonly elements?: ElementType
  readonly shape: readonly (number | string)[]
}

export interface Graph {
  readonly name: string
  readonly input: Endpoint
  readonly calls: readonly Call[]
  readonly output: Endpoint
}

/** A graph as the bytes of an .onnx file (operator set 17). */
export function encodeModel({ name, input, calls, output }: Graph): Uint8Array {
  return modelProto
    .encode({
      irVersion,
      producerName: '@lowbit/models',
      opsetImport: [{ domain: '', version: operatorSet }],
      graph: {
        name,
        node: calls.map(nodeProto),
        initializer: calls.flatMap(({ inputs }) =>
          inputs.filter((value) => typeof value !== 'string').map(tensorProto),
        ),
        input: [valueInfoProto(input)],
        output: [valueInfoProto(output)],
      },
    })
    .finish()
}

/** IR version 8 and operator set 17: read by onnxruntime from 1.13 (2022). */
const irVersion = 8
const operatorSet = 17

function nodeProto({ opType, inputs, output, attributes }: Call) {
  return {
    opType,
    name: output,
    input: inputs.map((value) => (typeof value === 'string' ? value : value.name)),
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) =>
      typeof value === 'number'
        ? { name, type: attributeTypes.int, i: value }
        : { name, type: attributeTypes.ints, ints: value },
    ),
  }
}

function tensorProto({ name, shape, data }: Constant) {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { name, dims: shape, dataType: elementTypes[data[Symbol.toStringTag]], rawData }
}

function valueInfoProto({ name, elements = 'Float32Array', shape }: Endpoint) {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: elementTypes[elements], shape: { dim } } } }
}

/** TensorProto.DataType. */
const elementTypes = { Float32Array: 1, Uint8Array: 2, Int8Array: 3, Int32Array: 6, BigInt64Array: 7 } as const

export type ElementType = keyof typeof elementTypes
/** AttributeProto.AttributeType. */
const attributeTypes = { int: 2, ints: 7 } as const

const one = (id: number, type: string) => ({ id, type })
const many = (id: number, type: string) => ({ id, type, rule: 'repeated' as const })

/** What is used here of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, with its field numbers. */
const modelProto = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: one(1, 'int64'),
        producerName: one(2, 'string'),
        graph: one(7, 'GraphProto'),
        opsetImport: many(8, 'OperatorSetIdProto'),
      },
    },
    OperatorSetIdProto: { fields: { domain: one(1, 'string'), version: one(2, 'int64') } },
    GraphProto: {
      fields: {
        node: many(1, 'NodeProto'),
        name: one(2, 'string'),
        initializer: many(5, 'TensorProto'),
        input: many(11, 'ValueInfoProto'),
        output: many(12, 'ValueInfoProto'),
      },
    },
    NodeProto: {
      fields: {
        input: many(1, 'string'),
        output: many(2, 'string'),
        name: one(3, 'string'),
        opType: one(4, 'string'),
        attribute: many(5, 'AttributeProto'),
      },
    },
    AttributeProto: {
      fields: { name: one(1, 'string'), i: one(3, 'int64'), ints: many(8, 'int64'), type: one(20, 'int32') },
    },
    TensorProto: {
      fields: { dims: many(1, 'int64'), dataType: one(2, 'int32'), name: one(8, 'string'), rawData: one(9, 'bytes') },
    },
    ValueInfoProto: { fields: { name: one(1, 'string'), type: one(2, 'TypeProto') } },
    TypeProto: { fields: { tensorType: one(1, 'TensorTypeProto') } },
    TensorTypeProto: { fields: { elemType: one(1, 'int32'), shape: one(2, 'TensorShapeProto') } },
    TensorShapeProto: { fields: { dim: many(1, 'DimensionProto') } },
    DimensionProto: { fields: { dimValue: one(1, 'int64'), dimParam: one(2, 'string') } },
  },
}).lookupType('ModelProto')
