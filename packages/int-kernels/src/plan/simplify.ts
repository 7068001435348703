import { inputsOf, type Network, type Node, type Quantize } from '../format/index.js'
import { quantize } from '../reference/quantization.js'

/**
 * The same function, to the bit, in fewer and cheaper nodes:
 * - a clamp before a quantizer narrows the codes that the quantizer gives
 * - a max-pool before a quantizer moves behind it: rounding and clamping keep order, and codes are a quarter of the bytes
 * - a flatten before a quantizer moves behind it, so that the others are seen
 * - nodes that do not reach the output are left out
 */
export function simplify(network: Network): Network {
  let current = network
  for (;;) {
    const next = rewriteOne(current)
    if (next === undefined) return withoutDead(current)
    current = next
  }
}

function rewriteOne(network: Network): Network | undefined {
  const byName = new Map(network.nodes.map((node) => [node.name, node]))
  for (const [i, node] of network.nodes.entries()) {
    if (node.operator !== 'quantize') continue
    const source = byName.get(node.input)
    const replacement = source && rewrite(node, source)
    if (replacement) return { ...network, nodes: network.nodes.toSpliced(i, 1, ...replacement) }
  }
  return undefined
}

/** What a quantizer and the node that it reads come to; the last node bears the quantizer's name. */
function rewrite(node: Quantize, source: Node): readonly Node[] | undefined {
  if (source.operator === 'clamp') {
    const minimum = source.minimum === null ? node.minimum : quantize(source.minimum, node)
    const maximum = source.maximum === null ? node.maximum : quantize(source.maximum, node)
    // Padding is zero, so the range must hold it.
    if (minimum > node.zeroPoint || maximum < node.zeroPoint) return undefined
    return [{ ...node, input: source.input, minimum, maximum }]
  }
  if (source.operator === 'max-pool' || source.operator === 'flatten') {
    const inner = `${node.name} before ${source.name}`
    return [
      { ...node, name: inner, input: source.input },
      { ...source, name: node.name, input: inner },
    ]
  }
  return undefined
}

function withoutDead(network: Network): Network {
  const live = new Set([network.output])
  for (const node of network.nodes.toReversed()) {
    if (live.has(node.name)) for (const input of inputsOf(node)) live.add(input)
  }
  return { ...network, nodes: network.nodes.filter((node) => live.has(node.name)) }
}
