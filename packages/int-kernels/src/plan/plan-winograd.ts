import { type ArithmeticName, arithmetics } from '../kernels/arithmetic.js'
import { burstOf } from '../kernels/choose-kernel.js'
import { tileFor } from '../kernels/tile.js'
import { times } from '../kernels/times.js'
import { planeBytes, tilesAlong, type WinogradConvolution } from '../kernels/winograd-blocks.js'
import { type ConvolutionLayer, correctedBias } from './convolution-layer.js'
import { packFilters } from './pack-filters.js'
import { packPanels } from './pack-weights.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

/** What a block of tiles may take at least: a part of the second-level cache, in bytes. */
const blockBytes = 256 * 1024

/** Plans a 3x3 convolution of stride 1. */
export function planWinograd(
  planning: Planning,
  stage: Stage,
  layer: ConvolutionLayer,
  arithmetic: ArithmeticName,
): void {
  const { facts, padding } = layer
  const { row, pixel, origin } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  const { bytes } = arithmetics[arithmetic]
  const raised = bytes === 1 ? 2 * facts.largestCode : 0
  const lanes = 16 / bytes
  const channels = lanes * Math.ceil(facts.channels / lanes)
  const vectors = Math.ceil(facts.filters / 4)
  const { matrices } = layer.transformed()
  const rowBytes = tilesAlong(facts.columns) * 16 * (channels * bytes + 16 * vectors)
  const tileRows = tilesAlong(facts.rows)
  // Each block reads all weights anew: larger ones are worth larger blocks.
  const most = Math.max(blockBytes, 16 * channels * bytes * 4 * vectors)
  const blocks = Math.ceil(tileRows / Math.max(1, Math.floor(most / rowBytes)))
  const blockRows = Math.ceil(tileRows / blocks)
  const tile = tileFor(1, blockRows * tilesAlong(facts.columns), vectors, arithmetic)
  const kernel: WinogradConvolution = {
    kernel: 'winograd-convolution',
    arithmetic,
    burst: arithmetic === 'dot' ? burstOf(4 * facts.largestCode, facts.transformedWeights) : 0,
    rows: facts.rows,
    columns: facts.columns,
    blockRows,
    input: { row, pixel },
    channels,
    raised,
    vectors,
    matrixBytes: 4 * vectors * channels * bytes,
    tile,
    tail,
  }
  const plane = planeBytes(kernel)
  planning.call(layer.name, kernel, {
    input: { buffer: stage.input, offset: origin - padding.top * row - padding.left * pixel },
    weights: planning.constant(packPanels(matrices, tile, arithmetics[arithmetic], channels)),
    filters: planning.constant(packFilters(layer, [0, facts.filters], 4, biasesOf(layer, raised))),
    constants,
    scratch: planning.scratch(16 * (plane.transformed + plane.products)),
    ...buffersFrom(0),
  })
}

/**
 * Biases of the 4 outputs of a tile, by filter: 4 times the layer's, less what raising the transformed codes adds. Where all but one
 * of these are raised by r, that is what Bᵀ d B makes of a window with d[y, x] = r (x[y] x[x] - 1/4): a convolution of 4 d.
 */
function biasesOf(layer: ConvolutionLayer, raised: number): (filter: number) => readonly number[] {
  const { tapSums, filters } = layer.weights
  const windows = [0, 1, 4, 5].map((output) =>
    times(9, (tap) => {
      const at = output + 4 * Math.floor(tap / 3) + (tap % 3)
      return raised * (4 * madeOnes[at >> 2]! * madeOnes[at & 3]! - 1)
    }),
  )
  return (filter) => {
    const bias = 4 * correctedBias(layer, filter)
    return windows.map((window) => {
      let sum = bias
      for (let tap = 0; tap < 9; tap++) sum -= window[tap]! * tapSums[tap * filters + filter]!
      return sum
    })
  }
}

/** x: what Bᵀ makes ones of. */
const madeOnes = [2, 0, 1, -1]
