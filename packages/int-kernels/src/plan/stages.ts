import {
  type AveragePool,
  type Clamp,
  type Conv2d,
  type Dense,
  type Dequantize,
  type Flatten,
  type FloatConv2d,
  type FloatDense,
  type GlobalAveragePool,
  inputsOf,
  type MaxPool,
  type Network,
  type Node,
  type PadChannels,
  type Quantize,
  type Rescale,
  type Tanh,
} from '../format/index.js'

/** What is computed in one go: a node that reads many numbers for each it makes, and then what can be done number by number. */
export interface Stage {
  /** The value that the first node reads. */
  readonly input: string
  readonly producer: Producer
  readonly tail: readonly TailNode[]
}

export type Producer =
  | Conv2d
  | Dense
  | FloatConv2d
  | FloatDense
  | MaxPool
  | AveragePool
  | GlobalAveragePool
  | PadChannels
  | Flatten
  | Dequantize
  /** Reads floats as they are. */
  | { readonly operator: 'load'; readonly name: string }

export type TailNode =
  | Clamp
  | Rescale
  | Tanh
  /** Adds another value: floats, or codes that a dequantize node names. */
  | { readonly operator: 'add'; readonly name: string; readonly other: string; readonly codes: Dequantize | undefined }
  | Quantize
  /** Writes the floats of this moment under the name of the node that made them. */
  | { readonly operator: 'store'; readonly name: string }

/**
 * Divides a network into stages, in an order in which each reads what stages before it wrote. Most flatten nodes are no work:
 * what they make is called by the name of what they read.
 */
export function stagesOf(network: Network): readonly Stage[] {
  const named = unflattened(network)
  const nodes = network.nodes.filter((node) => named(node.name) === node.name)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const readers = readersOf(nodes, named)
  const written = new Set([network.input.name])
  const waiting = new Set<Node>(nodes)
  const stages: Stage[] = []

  /** A node as part of the tail that holds `current`, if what else it reads is there. */
  const tailNode = (node: Node, current: string): TailNode | undefined => {
    if (node.operator === 'clamp' || node.operator === 'rescale' || node.operator === 'tanh') return node
    if (node.operator !== 'add') return undefined
    const [left, right] = node.inputs.map(named) as [string, string]
    const other = left === current ? right : left
    const source = byName.get(other)
    if (written.has(other)) return { operator: 'add', name: node.name, other, codes: undefined }
    if (source?.operator !== 'dequantize' || !written.has(named(source.input))) return undefined
    return { operator: 'add', name: node.name, other: named(source.input), codes: source }
  }

  /** What can be done with a value while it is in registers: all its quantizers, and one chain of other nodes. */
  const tailFrom = (first: string): TailNode[] => {
    const tail: TailNode[] = []
    const names: string[] = []
    let current: string | undefined = first
    while (current !== undefined) {
      const value: string = current
      const left = (readers.get(value) ?? []).filter((node) => waiting.has(node))
      const others = left.filter((node) => node.operator !== 'quantize')
      for (const node of left) {
        if (node.operator !== 'quantize') continue
        waiting.delete(node)
        names.push(node.name)
        tail.push(node)
      }
      const next = others.map((node) => [node, tailNode(node, value)] as const).find(([, taken]) => taken !== undefined)
      const readLater = others.length > (next ? 1 : 0) || value === named(network.output)
      if (readLater && !written.has(value)) {
        names.push(value)
        tail.push({ operator: 'store', name: value })
      }
      if (next) {
        waiting.delete(next[0])
        tail.push(next[1]!)
      }
      current = next?.[0].name
    }
    for (const name of names) written.add(name)
    return tail
  }

  for (const node of nodes) {
    if (!waiting.has(node)) continue
    const input = named(inputsOf(node)[0]!)
    switch (node.operator) {
      case 'conv2d':
      case 'dense':
      case 'float-conv2d':
      case 'float-dense':
      case 'average-pool':
      case 'global-average-pool':
        waiting.delete(node)
        stages.push({ input, producer: node, tail: tailFrom(node.name) })
        break
      case 'max-pool':
      case 'pad-channels':
      case 'flatten':
        waiting.delete(node)
        written.add(node.name)
        stages.push({ input, producer: node, tail: [] })
        break
      case 'dequantize': {
        waiting.delete(node)
        const later = readers.get(node.name) ?? []
        const needed =
          node.name === named(network.output) || !later.every((reader) => addsCodes(reader, node, named, byName))
        if (needed) stages.push({ input, producer: node, tail: tailFrom(node.name) })
        break
      }
      default:
        // No stage that made what it reads could take it along: it begins stages of its own, which read that again.
        while (waiting.has(node)) {
          const loaded = inputsOf(node)
            .map(named)
            .find((name) => written.has(name))!
          stages.push({ input: loaded, producer: { operator: 'load', name: loaded }, tail: tailFrom(loaded) })
        }
    }
  }
  return stages
}

/**
 * The name under which a value lies in memory. What a dense layer or the output takes flat may as well lie there as an image, whose
 * numbers have the same order; where it is added to something flat, it may not.
 */
export function unflattened({ nodes }: Network): (name: string) => string {
  const copied = new Set(nodes.flatMap((node) => (node.operator === 'add' ? node.inputs : [])))
  const sources = new Map<string, string>()
  for (const { operator, name, ...node } of nodes) {
    if (operator === 'flatten' && 'input' in node && !copied.has(name)) sources.set(name, node.input)
  }
  return (name) => sources.get(name) ?? name
}

function readersOf(nodes: readonly Node[], named: (name: string) => string): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>()
  for (const node of nodes) {
    for (const input of new Set(inputsOf(node).map(named))) {
      const known = readers.get(input)
      if (known) known.push(node)
      else readers.set(input, [node])
    }
  }
  return readers
}

/** Whether a reader takes the codes themselves: an add whose other operand is not dequantized too, or begins with that one. */
function addsCodes(
  reader: Node,
  { name }: Dequantize,
  named: (name: string) => string,
  byName: ReadonlyMap<string, Node>,
): boolean {
  if (reader.operator !== 'add') return false
  const [left, right] = reader.inputs.map(named)
  if (left === name) return right !== name && byName.get(right!)?.operator !== 'dequantize'
  return true
}
