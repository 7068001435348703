import { type ConvolutionLayer, correctedBias } from './convolution-layer.js'
import { packFilters } from './pack-filters.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

/** Plans a convolution that has one filter for each channel. */
export function planDepthwise(planning: Planning, stage: Stage, layer: ConvolutionLayer): void {
  const { weights, stride, padding, facts } = layer
  const { row, pixel, origin } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  const vectors = Math.ceil(facts.filters / 4)
  planning.call(
    layer.name,
    {
      kernel: 'depthwise-convolution',
      rows: facts.rows,
      columns: facts.columns,
      vectors,
      input: { row: stride[0] * row, pixel: stride[1] * pixel },
      inputBytes: 1,
      window: { rows: weights.rows, columns: weights.columns, strides: { row, pixel } },
      tail,
    },
    {
      input: { buffer: stage.input, offset: origin - padding.top * row - padding.left * pixel },
      constants,
      weights: planning.constant(
        packFilters(layer, [0, facts.filters], 4, (filter) => depthwiseIntegers(layer, filter)),
      ),
      ...buffersFrom(0),
    },
  )
}

/** Of a filter: pairs of taps side by side (i16), then its bias. */
function depthwiseIntegers(layer: ConvolutionLayer, filter: number): readonly number[] {
  const { weights, facts } = layer
  const taps = weights.rows * weights.columns
  const weightOf = (tap: number) => (tap < taps ? weights.values[tap * facts.filters + filter]! : 0)
  const pairs = Array.from(
    { length: Math.ceil(taps / 2) },
    (_, i) => (weightOf(2 * i) & 0xffff) | (weightOf(2 * i + 1) << 16),
  )
  return [...pairs, correctedBias(layer, filter)]
}
