import { depthwiseBytes } from '../kernels/depthwise-convolution.js'
import { type ConvolutionLayer, correctedBias, scaleOf } from './convolution-layer.js'
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
      weights: planning.constant(packDepthwise(layer, vectors)),
      ...buffersFrom(0),
    },
  )
}

/** By vectors of 4 channels: pairs of taps side by side (i16), biases (i32), scales (f32). */
function packDepthwise(layer: ConvolutionLayer, vectors: number): Uint8Array {
  const { weights, facts } = layer
  const taps = weights.rows * weights.columns
  const bytes = depthwiseBytes(taps)
  const packed = new Uint8Array(vectors * bytes)
  const view = new DataView(packed.buffer)
  for (let filter = 0; filter < facts.filters; filter++) {
    const start = Math.floor(filter / 4) * bytes
    const lane = 4 * (filter % 4)
    for (let tap = 0; tap < taps; tap++) {
      const weight = weights.values[tap * facts.filters + filter]!
      view.setInt16(start + 16 * Math.floor(tap / 2) + lane + 2 * (tap % 2), weight, true)
    }
    view.setInt32(start + bytes - 32 + lane, correctedBias(layer, filter), true)
    view.setFloat32(start + bytes - 16 + lane, scaleOf(layer, filter), true)
  }
  return packed
}
