import { readSafetensors, type Safetensors, SafetensorsError } from '@lowbit/safetensors'
import { checkUnpacked } from './check-network.js'
import { formatName, formatVersion } from './encode.js'
import { excerpt, type Fields, fieldsOf } from './graph-fields.js'
import { IntegerNetworkError } from './integer-network-error.js'
import { elementsOf, limits } from './limits.js'
import type { Network, Node, Padding, Pair, Shape, WeightCodes } from './network.js'
import { packedBytes, unpackCodes } from './packed-codes.js'
import { type TensorReader, tensorReader } from './tensor-reader.js'
import { expectLevels, expectSizes, type Named, refuse } from './value.js'

/**
 * Reads the file of an integer network. Nothing in it is trusted: what comes back passes `checkNetwork`.
 * @throws IntegerNetworkError
 */
export function decodeNetwork(bytes: Uint8Array): Network {
  const { metadata, tensors } = parseFile(bytes)
  if (metadata.format !== formatName || metadata.version !== formatVersion) {
    throw new IntegerNetworkError(
      'VERSION',
      `decodeNetwork() format ${excerpt(metadata.format)} version ${excerpt(metadata.version)}, expected "${formatName}" version "${formatVersion}"`,
    )
  }
  const reader = tensorReader(tensors)
  const graph = fieldsOf(parseGraph(metadata.graph), 'graph')
  const input = graph.object('input')
  const network: Network = {
    input: { name: input.text('name'), shape: input.numbers('shape') },
    nodes: graph.objects('nodes').map((fields) => readNode(fields, reader)),
    output: graph.text('output'),
  }
  input.end()
  graph.end()
  reader.end()
  checkUnpacked(network)
  return network
}

function parseFile(bytes: Uint8Array): Safetensors {
  try {
    return readSafetensors(bytes)
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause
    throw new IntegerNetworkError('FILE', `decodeNetwork() ${cause.message}`, { cause })
  }
}

function parseGraph(text: string | undefined): unknown {
  if (text === undefined) throw new IntegerNetworkError('GRAPH', 'decodeNetwork() the metadata hold no "graph"')
  if (text.length > limits.graph) {
    throw new IntegerNetworkError(
      'LIMIT',
      `decodeNetwork() graph of ${text.length} characters, at most ${limits.graph}`,
    )
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new IntegerNetworkError('GRAPH', 'decodeNetwork() the graph is not JSON', { cause })
  }
}

function readNode(fields: Fields, tensors: TensorReader): Node {
  const node = readFields(fields.text('operator'), fields.text('name'), fields, tensors)
  fields.end()
  return node
}

function readFields(operator: string, name: string, fields: Fields, tensors: TensorReader): Node {
  const input = () => fields.text('input')
  switch (operator) {
    case 'quantize':
      return {
        operator,
        name,
        input: input(),
        scale: fields.number('scale'),
        zeroPoint: fields.number('zeroPoint'),
        levels: fields.number('levels'),
        minimum: fields.number('minimum'),
        maximum: fields.number('maximum'),
      }
    case 'conv2d':
      return {
        operator,
        name,
        input: input(),
        ...readWeights({ operator, name }, fields, tensors),
        stride: pair(fields, 'stride'),
        padding: padding(fields),
        groups: fields.number('groups'),
      }
    case 'dense':
      return { operator, name, input: input(), ...readWeights({ operator, name }, fields, tensors) }
    case 'float-conv2d':
      return {
        operator,
        name,
        input: input(),
        ...readFloats(name, tensors),
        stride: pair(fields, 'stride'),
        padding: padding(fields),
      }
    case 'float-dense':
      return { operator, name, input: input(), ...readFloats(name, tensors) }
    case 'max-pool':
      return {
        operator,
        name,
        input: input(),
        size: pair(fields, 'size'),
        stride: pair(fields, 'stride'),
        padding: padding(fields),
      }
    case 'average-pool':
      return { operator, name, input: input(), size: pair(fields, 'size'), stride: pair(fields, 'stride') }
    case 'add': {
      const [left, right] = fields.texts('inputs', 2)
      return { operator, name, inputs: [left!, right!] }
    }
    case 'clamp':
      return {
        operator,
        name,
        input: input(),
        minimum: fields.numberOrNull('minimum'),
        maximum: fields.numberOrNull('maximum'),
      }
    case 'rescale':
      return { operator, name, input: input(), factor: fields.number('factor') }
    case 'pad-channels':
      return { operator, name, input: input(), before: fields.number('before'), after: fields.number('after') }
    case 'dequantize':
    case 'global-average-pool':
    case 'tanh':
    case 'flatten':
      return { operator, name, input: input() }
    default:
      throw new IntegerNetworkError(
        'OPERATOR',
        `decodeNetwork() unknown operator ${excerpt(operator)} of ${excerpt(name)}`,
      )
  }
}

function readWeights(
  node: Named,
  fields: Fields,
  tensors: TensorReader,
): { weights: WeightCodes; bias: Int32Array; scale: Float32Array } {
  const { name } = node
  const shape = fields.numbers('shape')
  const levels = fields.number('levels')
  const packed = tensors.bytes(`${name}.weights`)
  // Before the codes are unpacked: what a file claims may cost no more memory than what it holds.
  expectLevels(node, levels)
  expectSizes(node, shape)
  const count = elementsOf(shape)
  const bytes = packedBytes(count, levels)
  if (packed.length !== bytes) {
    throw refuse(
      node,
      'TENSOR',
      `${packed.length} bytes of weights, expected ${bytes} for [${shape}] of ${levels} levels`,
    )
  }
  const codes = unpackCodes(packed, levels, count)
  if (typeof codes === 'number') throw refuse(node, 'RANGE', `weight ${codes} of ${count} is no code below ${levels}`)
  return {
    weights: { codes, shape, levels, zeroPoint: tensors.bytes(`${name}.zero_point`) },
    bias: tensors.integers(`${name}.bias`),
    scale: tensors.floats(`${name}.scale`).data,
  }
}

function readFloats(name: string, tensors: TensorReader): { shape: Shape; weights: Float32Array; bias: Float32Array } {
  const { shape, data } = tensors.floats(`${name}.weights`)
  return { shape, weights: data, bias: tensors.floats(`${name}.bias`).data }
}

function pair(fields: Fields, key: string): Pair {
  const [vertical, horizontal] = fields.numbers(key, 2)
  return [vertical!, horizontal!]
}

function padding(fields: Fields): Padding {
  const [top, bottom, left, right] = fields.numbers('padding', 4)
  return { top: top!, bottom: bottom!, left: left!, right: right! }
}
