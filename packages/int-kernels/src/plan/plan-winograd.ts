import { type ArithmeticName, arithmetics } from '../kernels/arithmetic.js'
import { burstOf } from '../kernels/choose-kernel.js'
import { tileFor } from '../kernels/tile.js'
import { planeBytes, tilesAlong, type WinogradConvolution } from '../kernels/winograd-blocks.js'
import { raisedBy } from '../kernels/winograd-input.js'
import { type ConvolutionLayer, correctedBias } from './convolution-layer.js'
import { packFilters } from './pack-filters.js'
import { packPanels } from './pack-weights.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'
import type { TransformedWeights } from './winograd-weights.js'

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
  const { bytes, group } = arithmetics[arithmetic]
  const lanes = 16 / bytes
  const channels = lanes * Math.ceil(facts.channels / lanes)
  const vectors = Math.ceil(facts.filters / 4)
  const matrices = layer.transformed()
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
    bursts: matrices.map((matrix) => (arithmetic === 'dot' ? burstOf(4 * facts.largestCode, matrix) : 0)),
    rows: facts.rows,
    columns: facts.columns,
    blockRows,
    input: { row, pixel },
    channels,
    largestCode: facts.largestCode,
    vectors,
    matrixBytes: 4 * vectors * channels * bytes,
    tile,
    tail,
  }
  const packed = matrices.map((matrix) => packPanels(matrix, tile, { group, bytes }, channels))
  const plane = planeBytes(kernel)
  const raised = raisedBy(kernel)
  planning.call(layer.name, kernel, {
    input: { buffer: stage.input, offset: origin - padding.top * row - padding.left * pixel },
    weights: planning.constant(...packed),
    filters: planning.constant(
      packFilters(layer, [0, facts.filters], 4, (filter) => biasesOf(layer, filter, matrices, raised)),
    ),
    constants,
    scratch: planning.scratch(16 * (plane.transformed + plane.products)),
    ...buffersFrom(0),
  })
}

/** Biases of the 4 outputs of a tile. */
function biasesOf(
  layer: ConvolutionLayer,
  filter: number,
  matrices: readonly TransformedWeights[],
  raised: readonly number[],
): readonly number[] {
  // What raising the transformed codes adds to the products, transformed back as these are.
  const extra = matrices.map(({ sums }, position) => sums[filter]! * raised[position]!)
  const half = [0, 1, 2, 3].map((column) => backwards([0, 4, 8, 12].map((row) => extra[row + column]!)))
  const bias = 4 * correctedBias(layer, filter)
  return [0, 1].flatMap((i) => backwards(half.map((column) => column[i]!)).map((sum) => bias - sum))
}

const backwards = ([a, b, c, d]: readonly number[]): readonly number[] => [a! + b! + c!, b! - c! - d!]
