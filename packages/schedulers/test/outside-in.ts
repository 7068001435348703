import { type LayerShape, planOf, type Schedule, wholeLayer } from '../src/plans/index.js'

/** A schedule of one's own: the outermost pair of layers first, the middle last; quantized layers are frozen. */
export const outsideIn: Schedule = (layers, { steps }) =>
  planOf(
    'outside-in',
    layers,
    pairsFromTheEnds(layers).map((pair) => ({
      name: pair.map((layer) => layer.name).join(' + '),
      quantize: pair.map(wholeLayer),
    })),
    'rest',
    { steps },
  )

function pairsFromTheEnds(layers: readonly LayerShape[]): LayerShape[][] {
  const half = layers.slice(0, Math.ceil(layers.length / 2))
  return half.map((layer, i) => [...new Set([layer, layers[layers.length - 1 - i]!])])
}
