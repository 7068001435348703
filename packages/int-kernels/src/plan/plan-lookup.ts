import type { LookupConvolution } from '../kernels/lookup-convolution.js'
import { panelWidths } from '../kernels/tile.js'
import { type ConvolutionLayer, correctedBias } from './convolution-layer.js'
import { packFilters } from './pack-filters.js'
import { moved } from './plan.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

/** Plans a convolution of codes and weights of up to 4 values, its filters a multiple of 16, in one group. */
export function planLookup(planning: Planning, stage: Stage, layer: ConvolutionLayer): void {
  const { weights, stride, padding, facts } = layer
  const { row, pixel, origin, bytes } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  const vectors = facts.filters / 16
  const pixels = Math.ceil(facts.columns / Math.ceil(facts.columns / 4))
  const kernel: LookupConvolution = {
    kernel: 'lookup-convolution',
    relaxed: planning.engine.relaxedDot,
    rows: facts.rows,
    columns: facts.columns,
    input: { row: stride[0] * row, pixel: stride[1] * pixel },
    taps: { rows: weights.rows, columns: 1, strides: { row, pixel }, bytes: weights.columns * pixel },
    burst: Math.floor(255 / largestEntry(layer)),
    vectors,
    tile: { pixels, vectors: Math.min(vectors, pixels === 1 ? 4 : 2), together: 1 },
    tail,
  }
  const pairs = (weights.rows * weights.columns * pixel) / 2
  const offsets = planning.scratch(bytes)
  const codes = { buffer: stage.input, offset: 0 }
  planning.call(layer.name, { kernel: 'table-offsets', bytes }, { input: codes, output: offsets })
  planning.call(layer.name, kernel, {
    input: moved(offsets, origin - padding.top * row - padding.left * pixel),
    tables: planning.constant(tables(layer)),
    weights: planning.constant(packIndices(layer, kernel, pixel)),
    filters: planning.constant(
      packFilters(layer, [0, facts.filters], 16, (filter) => [correctedBias(layer, filter) - pairs * raisedBy(layer)]),
    ),
    constants,
    ...buffersFrom(0),
  })
}

/** What is added to each entry, so that none is negative. */
const raisedBy = ({ facts: { largestCode, weights } }: ConvolutionLayer): number => -2 * largestCode * weights.smallest

const largestEntry = (layer: ConvolutionLayer): number =>
  Math.max(1, raisedBy(layer) + 2 * layer.facts.largestCode * layer.facts.weights.largest)

/** 16 tables by pairs of codes, each of 16 entries by pairs of weights; of a pair the first counts once, the second 4 times. */
function tables(layer: ConvolutionLayer): Uint8Array {
  const { smallest } = layer.facts.weights
  return Uint8Array.from({ length: 256 }, (_, i) => {
    const [codes, weights] = [i >> 4, i & 15]
    const products = (codes & 3) * (smallest + (weights & 3)) + (codes >> 2) * (smallest + (weights >> 2))
    return Math.max(0, products + raisedBy(layer))
  })
}

/** Indices in the order in which the kernel reads them: panels of a tile's vectors, then pairs along the taps, then filters. */
function packIndices(
  { weights, facts }: ConvolutionLayer,
  { vectors, tile }: LookupConvolution,
  perPixel: number,
): Uint8Array {
  const { channels, filters } = facts
  const positions = weights.rows * weights.columns * perPixel
  const packed = new Uint8Array((positions / 2) * filters)
  const absent = new Int16Array(filters)
  const rowOf = (position: number): Int16Array => {
    const channel = position % perPixel
    if (channel >= channels) return absent
    const row = Math.floor(position / perPixel) * channels + channel
    return weights.values.subarray(row * filters, (row + 1) * filters)
  }
  // A function of its own: engines compile what is called often sooner than what loops for long.
  const packPair = (one: Int16Array, other: Int16Array, from: number, count: number, to: number): void => {
    for (let i = 0; i < count; i++) packed[to + i] = one[from + i]! + 4 * other[from + i]! - 5 * weights.smallest
  }
  let to = 0
  let first = 0
  for (const width of panelWidths(vectors, tile)) {
    const count = 16 * width
    for (let position = 0; position < positions; position += 2) {
      packPair(rowOf(position), rowOf(position + 1), first, count, to)
      to += count
    }
    first += count
  }
  return packed
}
