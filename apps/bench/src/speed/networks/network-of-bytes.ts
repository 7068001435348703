import {
  type Add,
  type Clamp,
  type CodeRange,
  inputsOf,
  type MaxPool,
  type Network,
  type Node,
  type Quantize,
} from '@lowbit/int-kernels/format'
import type { Call, Constant, Graph } from '@lowbit/models/onnx'

/**
 * An 8-bit network as onnxruntime's own quantizer lays it out, so that onnxruntime finds integers everywhere: sums read codes
 * where they may read floats, which rounds what is summed; a clamp that a quantizer does again is left out, and a max-pool
 * stands behind the quantizer that reads it, which change nothing.
 */
export function networkOfBytes(network: Network): Network {
  return { ...network, nodes: withoutIdleClamps(poolsOfCodes(sumsOfCodes(network.nodes))) }
}

/** Every input of a sum is rounded: as the codes that it has anyway, or as codes of twice the sum's own range. */
function sumsOfCodes(nodes: readonly Node[]): readonly Node[] {
  const quantizerOf = (value: string) =>
    nodes.find((node): node is Quantize => node.operator === 'quantize' && node.input === value)
  const rounded = (add: Add, value: string, i: number): Node[] => {
    const name = `${add.name} input ${i}`
    const present = quantizerOf(value)
    if (present) return [{ operator: 'dequantize', name, input: present.name }]
    const codes = `${name} codes`
    return [
      { operator: 'quantize', name: codes, input: value, ...rangeOfSummand(nodes, add, quantizerOf) },
      { operator: 'dequantize', name, input: codes },
    ]
  }
  return nodes.flatMap((node) => {
    if (node.operator !== 'add') return [node]
    const inputs = node.inputs.map((_, i) => `${node.name} input ${i}`)
    return [
      ...node.inputs.flatMap((value, i) => rounded(node, value, i)),
      { ...node, inputs: inputs as [string, string] },
    ]
  })
}

/** Symmetric, and twice as wide as that of the sum behind its relu; of any width where nobody quantizes the sum. */
function rangeOfSummand(
  nodes: readonly Node[],
  add: Add,
  quantizerOf: (value: string) => Quantize | undefined,
): CodeRange {
  const relu = nodes.find((node) => node.operator === 'clamp' && node.input === add.name)
  const scale = 2 * (quantizerOf(relu?.name ?? add.name)?.scale ?? 0.05)
  return { scale: Math.fround(scale), zeroPoint: 128, levels: 256, minimum: 0, maximum: 255 }
}

/** Leaves out clamps whose only reader is a quantizer of a narrower range. */
function withoutIdleClamps(nodes: readonly Node[]): readonly Node[] {
  const idle = nodes.filter((node): node is Clamp => {
    const quantizer = node.operator === 'clamp' ? onlyQuantizerOf(nodes, node.name) : undefined
    if (node.operator !== 'clamp' || !quantizer) return false
    const { scale, zeroPoint, minimum, maximum } = quantizer
    const lowest = scale * (minimum - zeroPoint)
    const highest = scale * (maximum - zeroPoint)
    return lowest >= (node.minimum ?? lowest) && highest <= (node.maximum ?? highest)
  })
  const inputOf = new Map(idle.map(({ name, input }) => [name, input]))
  return nodes
    .filter((node) => !inputOf.has(node.name))
    .map((node) => (node.operator === 'quantize' ? { ...node, input: inputOf.get(node.input) ?? node.input } : node))
}

/** A max-pool that a quantizer alone reads changes places with it: rounding keeps order. */
function poolsOfCodes(nodes: readonly Node[]): readonly Node[] {
  const pools = nodes.filter((node): node is MaxPool => node.operator === 'max-pool')
  return pools.reduce<readonly Node[]>((current, pool) => {
    const quantizer = onlyQuantizerOf(current, pool.name)
    if (!quantizer) return current
    const before = `${quantizer.name} before ${pool.name}`
    return current.flatMap((node) => {
      if (node === pool) return [{ ...quantizer, name: before, input: pool.input }]
      return node === quantizer ? [{ ...pool, name: quantizer.name, input: before }] : [node]
    })
  }, nodes)
}

/** The quantizer that reads a value, if nobody else does. */
function onlyQuantizerOf(nodes: readonly Node[], value: string): Quantize | undefined {
  const [reader, ...others] = nodes.filter((node) => inputsOf(node).includes(value))
  return reader?.operator === 'quantize' && others.length === 0 ? reader : undefined
}

/**
 * Weights as signed bytes around a zero point of 0, which is how onnxruntime quantizes them, and what native code has
 * instructions for. Where ours has another zero point, the largest weights saturate.
 */
export function withSignedWeights(graph: Graph): Graph {
  return { ...graph, calls: graph.calls.map(signed) }
}

function signed(call: Call): Call {
  const [weights, scale, zeroPoint] = call.inputs
  if (call.opType !== 'DequantizeLinear' || !isBytes(weights) || !isBytes(zeroPoint)) return call
  // Filters are the first axis of a convolution's weights, the last of a dense layer's.
  const filters = zeroPoint.data.length
  const run = call.attributes.axis === 0 ? weights.data.length / filters : 1
  const data = Int8Array.from(weights.data, (code, i) =>
    Math.max(-128, Math.min(127, code - zeroPoint.data[Math.floor(i / run) % filters]!)),
  )
  const zero = { ...zeroPoint, data: new Int8Array(filters) }
  return { ...call, inputs: [{ ...weights, data }, scale!, zero] }
}

const isBytes = (input: Call['inputs'][number] | undefined): input is Constant & { data: Uint8Array } =>
  typeof input === 'object' && input.data instanceof Uint8Array
