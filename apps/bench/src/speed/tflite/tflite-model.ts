import { Builder, type Offset } from 'flatbuffers'

/** A graph of TensorFlow Lite operators, as data. */
export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[]
  readonly calls: readonly TfliteCall[]
  /** Names of tensors. */
  readonly input: string
  readonly output: string
}

export interface TfliteTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: keyof typeof elementTypes
  /** Of constants. */
  readonly data?: Float32Array | Int8Array | Int32Array
  readonly quantization?: TfliteQuantization
}

/** value = scale * (code - zeroPoint); of the whole tensor, or one pair for each entry along an axis. */
export interface TfliteQuantization {
  readonly scale: readonly number[]
  readonly zeroPoint: readonly number[]
  readonly axis?: number
}

export interface TfliteCall {
  readonly operator: keyof typeof operators
  /** Names of tensors. */
  readonly inputs: readonly string[]
  readonly output: string
  /** Fields of the operator's options that are not 0. */
  readonly options?: Readonly<Record<string, number>>
}

/** Padding of windows: zeros so that each stride gives a pixel, or none. */
export const PADDING = { same: 0, valid: 1 } as const

/** A graph as the bytes of a .tflite file, schema version 3. */
export function encodeTflite({ tensors, calls, input, output }: TfliteGraph): Uint8Array<ArrayBuffer> {
  const builder = new Builder(1 << 16)
  const write = writer(builder)
  // Buffer 0 is empty and stands for "no data".
  const constants = tensors.filter(({ data }) => data !== undefined)
  const buffers = [write.table([]), ...constants.map(({ data }) => write.table([offset(write.bytes(data!))]))]
  const indexOf = (name: string) => tensors.findIndex((tensor) => tensor.name === name)

  const written = tensors.map((tensor) => {
    const quantization = tensor.quantization && write.table(quantizationFields(write, tensor.quantization))
    return write.table([
      offset(write.ints(tensor.shape)),
      int8(elementTypes[tensor.type]),
      int32(tensor.data ? 1 + constants.indexOf(tensor) : 0),
      offset(builder.createString(tensor.name)),
      ...(quantization === undefined ? [] : [offset(quantization)]),
    ])
  })
  const kinds = [...new Set(calls.map(({ operator }) => operator))]
  const codes = kinds.map((kind) => {
    const { code, version } = operators[kind]
    // Twice: readers of old files look into the first field only.
    return write.table([int8(code), none, int32(version), int32(code)])
  })
  const operations = calls.map(({ operator, inputs, output: result, options = {} }) => {
    const { union, fields } = operators[operator]
    const choices = write.table(fields.map(([name, type]) => ({ type, value: options[name] ?? 0 })))
    return write.table([
      int32(kinds.indexOf(operator)),
      offset(write.ints(inputs.map(indexOf))),
      offset(write.ints([indexOf(result)])),
      int8(union),
      ...(union === 0 ? [] : [offset(choices)]),
    ])
  })
  const subgraph = write.table([
    offset(write.offsets(written)),
    offset(write.ints([indexOf(input)])),
    offset(write.ints([indexOf(output)])),
    offset(write.offsets(operations)),
  ])
  const model = write.table([
    int32(3),
    offset(write.offsets(codes)),
    offset(write.offsets([subgraph])),
    none,
    offset(write.offsets(buffers)),
  ])
  builder.finish(model, 'TFL3')
  return builder.asUint8Array().slice()
}

/** TensorType. */
const elementTypes = { float32: 0, int32: 2, uint8: 3, int8: 9 } as const

type FieldType = 'int8' | 'int32' | 'offset' | 'none'

interface Field {
  readonly type: FieldType
  readonly value: number
}

const int8 = (value: number): Field => ({ type: 'int8', value })
const int32 = (value: number): Field => ({ type: 'int32', value })
const offset = (value: Offset): Field => ({ type: 'offset', value })
const none: Field = { type: 'none', value: 0 }

const window = [
  ['padding', 'int8'],
  ['strideWidth', 'int32'],
  ['strideHeight', 'int32'],
] as const
const activation = [['activation', 'int8']] as const

/**
 * What is used here of https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs:
 * BuiltinOperator, the version that has int8, and the place of the options in the union BuiltinOptions with their fields in order.
 */
const operators = {
  add: { code: 0, version: 2, union: 11, fields: activation },
  conv2d: {
    code: 3,
    version: 3,
    union: 1,
    fields: [...window, ...activation, ['dilationWidth', 'int32'], ['dilationHeight', 'int32']],
  },
  dequantize: { code: 6, version: 2, union: 0, fields: [] },
  fullyConnected: { code: 9, version: 4, union: 8, fields: activation },
  maxPool2d: {
    code: 17,
    version: 2,
    union: 5,
    fields: [...window, ['width', 'int32'], ['height', 'int32'], ...activation],
  },
  mul: { code: 18, version: 2, union: 21, fields: activation },
  relu: { code: 19, version: 2, union: 0, fields: [] },
  reluN1To1: { code: 20, version: 1, union: 0, fields: [] },
  relu6: { code: 21, version: 2, union: 0, fields: [] },
  reshape: { code: 22, version: 1, union: 0, fields: [] },
  tanh: { code: 28, version: 2, union: 0, fields: [] },
  mean: { code: 40, version: 2, union: 27, fields: [['keepDimensions', 'int8']] },
  quantize: { code: 114, version: 2, union: 0, fields: [] },
} as const satisfies Record<
  string,
  { code: number; version: number; union: number; fields: readonly (readonly [string, FieldType])[] }
>

function quantizationFields(write: Writer, { scale, zeroPoint, axis = 0 }: TfliteQuantization): Field[] {
  const [scales, zeroPoints] = [write.floats(scale), write.longs(zeroPoint)]
  return [none, none, offset(scales), offset(zeroPoints), none, none, int32(axis)]
}

type Writer = ReturnType<typeof writer>

/** Tables and vectors; a flatbuffer is written from its end to its beginning, vectors likewise. */
function writer(builder: Builder) {
  const vector = <T>(size: number, values: readonly T[], add: (value: T) => void, alignment = size): Offset => {
    builder.startVector(size, values.length, alignment)
    for (const value of values.toReversed()) add(value)
    return builder.endVector()
  }
  return {
    ints: (values: readonly number[]) => vector(4, values, (value) => builder.addInt32(value)),
    floats: (values: readonly number[]) => vector(4, values, (value) => builder.addFloat32(value)),
    longs: (values: readonly number[]) => vector(8, values, (value) => builder.addInt64(BigInt(value))),
    offsets: (values: readonly Offset[]) => vector(4, values, (value) => builder.addOffset(value)),
    /** At a multiple of 16 bytes, as kernels read them. */
    bytes(data: Float32Array | Int8Array | Int32Array): Offset {
      const bytes = new Int8Array(data.buffer, data.byteOffset, data.byteLength)
      builder.startVector(1, bytes.length, 16)
      for (let i = bytes.length - 1; i >= 0; i--) builder.addInt8(bytes[i]!)
      return builder.endVector()
    },
    table(fields: readonly Field[]): Offset {
      builder.startObject(fields.length)
      for (const [slot, { type, value }] of fields.entries()) {
        if (type === 'int8') builder.addFieldInt8(slot, value, 0)
        if (type === 'int32') builder.addFieldInt32(slot, value, 0)
        if (type === 'offset') builder.addFieldOffset(slot, value, 0)
      }
      return builder.endObject()
    },
  }
}
