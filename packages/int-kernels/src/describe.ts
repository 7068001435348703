import { bitsOf, inputsOf, type Network, type Node, packedBytes, type Value } from './format/index.js'
import { elementsOf } from './format/limits.js'
import type { Kernel } from './kernels/kernel.js'
import type { Plan } from './plan/plan.js'

/** A layer of a network, as `IntegerNetwork.describe` lists them. */
export interface LayerDescription {
  readonly name: string
  readonly operator: string
  /** Of what the layer makes of one image. */
  readonly shape: readonly number[]
  /** Bits of a code of its input and of its weights; 32 stands for floats, 0 for no weights. */
  readonly inputBits: number
  readonly weightBits: number
  /** Of its weights, biases and scales in a file. */
  readonly bytes: number
  /** Products of one image. */
  readonly macs: number
  /**
   * No sum can be larger, whatever the input. Below 2^24 sums are the same bits as in training, which adds in f32. 0 where there
   * are no integer sums.
   */
  readonly largestSum: number
  /** What runs it, in order. Nodes that run within another's kernel have none. */
  readonly kernels: readonly string[]
}

export function describe(
  network: Network,
  values: ReadonlyMap<string, Value>,
  plan: Plan,
): readonly LayerDescription[] {
  return network.nodes.map((node) => {
    const from = values.get(inputsOf(node)[0]!)!
    const { shape } = values.get(node.name)!
    return {
      name: node.name,
      operator: node.operator,
      shape,
      inputBits: from.kind === 'codes' ? bitsOf(from.range.levels) : 32,
      ...weightsOf(node, shape),
      largestSum: plan.largestSums.get(node.name) ?? 0,
      kernels: plan.phases.flatMap(([call]) => (call?.node === node.name ? [kernelName(call.kernel)] : [])),
    }
  })
}

function weightsOf(node: Node, shape: readonly number[]): Pick<LayerDescription, 'weightBits' | 'bytes' | 'macs'> {
  const pixels = elementsOf(shape.slice(0, -1))
  switch (node.operator) {
    case 'conv2d':
    case 'dense': {
      const { codes, levels, zeroPoint } = node.weights
      return {
        weightBits: bitsOf(levels),
        bytes: packedBytes(codes.length, levels) + zeroPoint.length + node.bias.byteLength + node.scale.byteLength,
        macs: pixels * codes.length,
      }
    }
    case 'float-conv2d':
    case 'float-dense':
      return {
        weightBits: 32,
        bytes: node.weights.byteLength + node.bias.byteLength,
        macs: pixels * node.weights.length,
      }
    default:
      return { weightBits: 0, bytes: 0, macs: 0 }
  }
}

function kernelName(kernel: Kernel): string {
  return 'arithmetic' in kernel ? `${kernel.kernel} (${kernel.arithmetic})` : kernel.kernel
}
