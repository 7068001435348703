import { inputsOf, limits, type Network, type Node } from '../format/index.js'
import { quantize } from '../reference/quantization.js'

/**
 * The same function, to the bit, in fewer and cheaper nodes:
 * - a clamp before a quantizer narrows the codes that the quantizer gives
 * - a max-pool that only quantizers read moves behind them: rounding and clamping keep order, and codes are a quarter of the bytes
 * - a flatten moves behind what is done number by number, towards the dense layer that can read an image as well
 * - nodes that do not reach the output are left out
 */
export function simplify(network: Network): Network {
  let current = withoutDead(network)
  for (;;) {
    const next = rewriteOne(current)
    if (next === undefined) return withoutDead(current)
    current = next
  }
}

function rewriteOne(network: Network): Network | undefined {
  const byName = new Map(network.nodes.map((node) => [node.name, node]))
  for (const [i, node] of network.nodes.entries()) {
    if (node.operator === 'add') continue
    const source = byName.get(node.input)
    const readByQuantizers = () =>
      network.output !== source?.name &&
      network.nodes.every((reader) => reader.operator === 'quantize' || !inputsOf(reader).includes(source!.name))
    const replacement = source && rewrite(node, source, readByQuantizers)
    if (replacement) return { ...network, nodes: network.nodes.toSpliced(i, 1, ...replacement) }
  }
  return undefined
}

/** What a node and the one that it reads come to, if that is better; the last of it bears the node's name. */
function rewrite(
  node: Exclude<Node, { operator: 'add' }>,
  source: Node,
  readByQuantizers: () => boolean,
): readonly Node[] | undefined {
  if (node.operator === 'quantize' && source.operator === 'clamp') {
    const minimum = source.minimum === null ? node.minimum : quantize(source.minimum, node)
    const maximum = source.maximum === null ? node.maximum : quantize(source.maximum, node)
    // Padding is zero, so the range must hold it.
    if (minimum > node.zeroPoint || maximum < node.zeroPoint) return undefined
    return [{ ...node, input: source.input, minimum, maximum }]
  }
  const swaps =
    (source.operator === 'flatten' && isElementwise(node)) ||
    (source.operator === 'max-pool' && node.operator === 'quantize' && readByQuantizers())
  if (!swaps) return undefined
  // Longer than a name in a file can be, so that it is none.
  const first = `${node.name} before ${source.name}`.padEnd(limits.name + 1)
  return [
    { ...node, name: first, input: source.input },
    { ...source, name: node.name, input: first },
  ]
}

function isElementwise({ operator }: Node): boolean {
  return ['clamp', 'rescale', 'tanh', 'quantize', 'dequantize'].includes(operator)
}

function withoutDead(network: Network): Network {
  const live = new Set([network.output])
  for (const node of network.nodes.toReversed()) {
    if (live.has(node.name)) for (const input of inputsOf(node)) live.add(input)
  }
  return { ...network, nodes: network.nodes.filter((node) => live.has(node.name)) }
}
