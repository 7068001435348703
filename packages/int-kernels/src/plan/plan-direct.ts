import { IntegerNetworkError, limits } from '../format/index.js'
import { arithmetics } from '../kernels/arithmetic.js'
import type { ConvolutionChoice } from '../kernels/choose-kernel.js'
import { tileFor } from '../kernels/tile.js'
import { times } from '../kernels/times.js'
import { type ConvolutionLayer, correctedBias } from './convolution-layer.js'
import type { Layout } from './layout.js'
import { packFilters } from './pack-filters.js'
import { packPanels, type WeightMatrix } from './pack-weights.js'
import { type Address, moved } from './plan.js'
import { type PlannedTail, planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

type DirectChoice = Extract<ConvolutionChoice, { kernel: 'direct-convolution' }>

/** Plans a convolution as one call, or as one a group where groups can be told apart by whole lanes. */
export function planDirect(planning: Planning, stage: Stage, layer: ConvolutionLayer, choice: DirectChoice): void {
  const input = planning.layout(stage.input)
  const tail = planTail(planning, stage.tail)
  const codes = widenedInput(planning, stage, input, choice)
  for (const block of blocksOf(layer)) planBlock(planning, layer, choice, input, codes, tail, block)
}

/** Filters and the channels that they read. */
interface Block {
  readonly channels: readonly [from: number, to: number]
  readonly filters: readonly [from: number, to: number]
}

/** Groups that do not fill whole lanes are computed as one, with weights of 0 for the channels of other groups. */
function blocksOf({ facts: { channels, filters, groups } }: ConvolutionLayer): readonly Block[] {
  const inputs = channels / groups
  const outputs = filters / groups
  if (inputs % 4 !== 0 || outputs % 4 !== 0) return [{ channels: [0, channels], filters: [0, filters] }]
  return times(groups, (g) => ({
    channels: [g * inputs, (g + 1) * inputs],
    filters: [g * outputs, (g + 1) * outputs],
  }))
}

/** Where codes are multiplied as i16, they are copied as such first. */
function widenedInput(planning: Planning, stage: Stage, input: Layout, { arithmetic }: DirectChoice): Address {
  const codes = { buffer: stage.input, offset: 0 }
  if (arithmetics[arithmetic].bytes === 1) return codes
  const wide = planning.scratch(2 * input.bytes)
  planning.call(stage.producer.name, { kernel: 'widen', bytes: input.bytes }, { input: codes, output: wide })
  return wide
}

function planBlock(
  planning: Planning,
  layer: ConvolutionLayer,
  { arithmetic, burst, windowSums }: DirectChoice,
  input: Layout,
  codes: Address,
  tail: PlannedTail,
  { channels, filters }: Block,
): void {
  const { weights, stride, padding, facts } = layer
  const { bytes } = arithmetics[arithmetic]
  const vectors = Math.ceil((filters[1] - filters[0]) / 4)
  const tile = tileFor(facts.rows, facts.columns, vectors, arithmetic)
  const pixel = input.pixel * bytes
  const row = input.row * bytes
  // Pixels of all channels lie side by side, so that a row of taps is one run.
  const whole = channels[1] - channels[0] === facts.channels
  const runChannels = whole ? input.pixel * weights.columns : channels[1] - channels[0]
  const perPixel = whole ? input.pixel : runChannels
  const taps = {
    rows: weights.rows,
    columns: whole ? 1 : weights.columns,
    strides: { row, pixel },
    bytes: runChannels * bytes,
  }
  // Less 128 every code fits into a byte; these are by so much less than the weights.
  const shifts = windowSums ? weights.zeros.map((zero) => 128 - zero) : undefined
  const matrix = blockMatrix(layer, perPixel, { channels, filters }, shifts)
  const strides = { row: stride[0] * row, pixel: stride[1] * pixel }
  const first = (input.origin - padding.top * input.row - padding.left * input.pixel + channels[0]) * bytes
  const sums = windowSums ? planning.scratch(4 * facts.rows * facts.columns) : 'unused'
  if (windowSums) {
    const { rows, columns } = facts
    const mask = planning.constant(maskOf(layer, perPixel, taps.bytes))
    const kernel = { kernel: 'window-sums', rows, columns, input: strides, taps } as const
    planning.call(layer.name, kernel, { input: moved(codes, first), mask, output: sums })
  }
  planning.call(
    layer.name,
    {
      kernel: 'direct-convolution',
      arithmetic,
      burst,
      taps,
      rows: facts.rows,
      columns: facts.columns,
      input: strides,
      vectors,
      tile,
      windowSums,
      tail: tail.tail,
    },
    {
      input: moved(codes, first),
      weights: planning.constant(packPanels([matrix], tile, arithmetics[arithmetic])),
      filters: planning.constant(
        packFilters(layer, filters, 4, (filter) => [
          correctedBias(layer, filter),
          ...(shifts ? [shifts[filter]!] : []),
        ]),
      ),
      constants: tail.constants,
      ...(windowSums && { windowSums: sums }),
      ...tail.buffersFrom(filters[0]),
    },
  )
}

/**
 * The weights of a block, less `shifts`, by position, `perPixel` of them a tap: 0 for channels that are not there, or that belong
 * to a group that the filter does not read.
 */
function blockMatrix(
  { weights, facts }: ConvolutionLayer,
  perPixel: number,
  { channels, filters }: Block,
  shifts: Int16Array | undefined,
): WeightMatrix {
  const taps = weights.rows * weights.columns
  const count = filters[1] - filters[0]
  const elements = taps * perPixel * count
  if (elements > limits.elements) {
    throw new IntegerNetworkError(
      'LIMIT',
      `a convolution in groups takes ${elements} weights, at most ${limits.elements}`,
    )
  }
  const matrix = { positions: taps * perPixel, filters: count }
  if (elements === weights.values.length && !shifts) return { ...matrix, values: weights.values }
  const values = new Int16Array(elements)
  const shift = (at: number): void =>
    shifts?.forEach((shift, filter) => {
      values[at + filter]! -= shift
    })
  const filtersInGroup = facts.filters / facts.groups
  for (let group = Math.floor(filters[0] / filtersInGroup); group * filtersInGroup < filters[1]; group++) {
    const firstFilter = group * filtersInGroup
    const firstChannel = group * weights.channels - channels[0]
    for (let tap = 0; tap < taps; tap++) {
      for (let channel = 0; channel < weights.channels; channel++) {
        const from = (tap * weights.channels + channel) * weights.filters + firstFilter
        const to = (tap * perPixel + firstChannel + channel) * count + firstFilter - filters[0]
        values.set(weights.values.subarray(from, from + filtersInGroup), to)
        shift(to)
      }
    }
  }
  return { ...matrix, values }
}

/** 1 for each byte of a run of taps that is a channel's, 0 for what lies between, up to a multiple of 16. */
function maskOf({ facts }: ConvolutionLayer, perPixel: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(bytes / 16) * 16 }, (_, i) =>
    i < bytes && i % perPixel < facts.channels ? 1 : 0,
  )
}
