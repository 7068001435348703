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
  for (let rewrites = 0; rewrites < mostRewrites; rewrites++) {
    // Longer than a name in a file can be, so that it is none.
    const next = rewriteOne(current, `${rewrites}`.padEnd(limits.name + 1))
    if (next === undefined) break
    current = next
  }
  return withoutDead(current)
}

/** Far more than a network of sense has use for; a file made to take long ends here, still with the same function. */
const mostRewrites = 1_000

/** @param unused a name for a node between two others */
function rewriteOne(network: Network, unused: string): Network | undefined {
  const byName = new Map(network.nodes.map((node) => [node.name, node]))
  const readByOthers = new Set([network.output])
  for (const node of network.nodes) {
    if (node.operator !== 'quantize') for (const input of inputsOf(node)) readByOthers.add(input)
  }
  for (const [i, node] of network.nodes.entries()) {
    if (node.operator === 'add') continue
    const source = byName.get(node.input)
    const replacement = source && rewrite(node, source, !readByOthers.has(source.name), unused)
    if (replacement) return { ...network, nodes: network.nodes.toSpliced(i, 1, ...replacement) }
  }
  return undefined
}

/** What a node and the one that it reads come to, if that is better; the last of it bears the node's name. */
function rewrite(
  node: Exclude<Node, { operator: 'add' }>,
  source: Node,
  onlyQuantized: boolean,
  unused: string,
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
    (source.operator === 'max-pool' && node.operator === 'quantize' && onlyQuantized)
  if (!swaps) return undefined
  return [
    { ...node, name: unused, input: source.input },
    { ...source, name: node.name, input: unused },
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
