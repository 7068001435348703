import { type Tensor, writeSafetensors } from '@lowbit/safetensors'
import { checkNetwork } from './check-network.js'
import type { Network, Node, Padding } from './network.js'
import { packCodes } from './packed-codes.js'

export const formatName = 'lowbit-integer-network'
export const formatVersion = '1'

/**
 * The file of an integer network, as `docs/integer-network.md` describes it. The same network gives the same bytes.
 * @throws IntegerNetworkError where the network is not one, before anything is written
 */
export function encodeNetwork(network: Network): Uint8Array<ArrayBuffer> {
  checkNetwork(network)
  const { input, nodes, output } = network
  const tensors = nodes.flatMap(tensorsOf)
  const graph = { input: { name: input.name, shape: input.shape }, nodes: nodes.map(describe), output }
  return writeSafetensors(tensors, { format: formatName, version: formatVersion, graph: JSON.stringify(graph) })
}

function tensorsOf(node: Node): [string, Tensor][] {
  switch (node.operator) {
    case 'conv2d':
    case 'dense': {
      const { name, weights, bias, scale } = node
      const packed = packCodes(weights.codes, weights.levels)
      return [
        [`${name}.weights`, { dtype: 'U8', shape: [packed.length], data: packed }],
        [`${name}.zero_point`, { dtype: 'U8', shape: [weights.zeroPoint.length], data: weights.zeroPoint }],
        [`${name}.bias`, { dtype: 'I32', shape: [bias.length], data: bias }],
        [`${name}.scale`, { dtype: 'F32', shape: [scale.length], data: scale }],
      ]
    }
    case 'float-conv2d':
    case 'float-dense':
      return [
        [`${node.name}.weights`, { dtype: 'F32', shape: node.shape, data: node.weights }],
        [`${node.name}.bias`, { dtype: 'F32', shape: [node.bias.length], data: node.bias }],
      ]
    default:
      return []
  }
}

/** The node in the file's words: its fields without the tensors, in a fixed order. */
function describe(node: Node): Record<string, unknown> {
  const { operator, name } = node
  switch (node.operator) {
    case 'quantize': {
      const { input, scale, zeroPoint, levels, minimum, maximum } = node
      return { operator, name, input, scale, zeroPoint, levels, minimum, maximum }
    }
    case 'conv2d': {
      const { input, weights, stride, padding, groups } = node
      const { shape, levels } = weights
      return { operator, name, input, shape, levels, stride, padding: sides(padding), groups }
    }
    case 'dense':
      return { operator, name, input: node.input, shape: node.weights.shape, levels: node.weights.levels }
    case 'float-conv2d':
      return { operator, name, input: node.input, stride: node.stride, padding: sides(node.padding) }
    case 'max-pool':
      return { operator, name, input: node.input, size: node.size, stride: node.stride, padding: sides(node.padding) }
    case 'average-pool':
      return { operator, name, input: node.input, size: node.size, stride: node.stride }
    case 'add':
      return { operator, name, inputs: node.inputs }
    case 'clamp':
      return { operator, name, input: node.input, minimum: node.minimum, maximum: node.maximum }
    case 'rescale':
      return { operator, name, input: node.input, factor: node.factor }
    case 'pad-channels':
      return { operator, name, input: node.input, before: node.before, after: node.after }
    case 'dequantize':
    case 'float-dense':
    case 'global-average-pool':
    case 'tanh':
    case 'flatten':
      return { operator, name, input: node.input }
  }
}

const sides = ({ top, bottom, left, right }: Padding): readonly number[] => [top, bottom, left, right]
