import { type FloatConv2d, type FloatDense, noPadding, windowedSize } from '../format/index.js'
import { arithmetics } from '../kernels/arithmetic.js'
import { tileFor } from '../kernels/tile.js'
import { packPanels } from './pack-weights.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

/** Plans a convolution of floats, or a dense layer as one whose only window is the whole image. */
export function planFloatConvolution(planning: Planning, stage: Stage, node: FloatConv2d | FloatDense): void {
  const { row, pixel, origin, height, width, channels } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  const isDense = node.operator === 'float-dense'
  const [tapRows, tapColumns] = isDense ? [height, width] : (node.shape as [number, number])
  const stride = isDense ? ([1, 1] as const) : node.stride
  const padding = isDense ? noPadding : node.padding
  const [rows, columns] = windowedSize([height, width], [tapRows, tapColumns], stride, padding)
  const vectors = Math.ceil(node.bias.length / 4)
  // Pixels of all channels lie side by side, so that a row of taps is one run.
  const dense = pixel === 4 * channels
  const tile = tileFor(rows, columns, vectors, 'float')
  const matrix = { positions: tapRows * tapColumns * channels, filters: node.bias.length, values: node.weights }
  planning.call(
    node.name,
    {
      kernel: 'float-convolution',
      rows,
      columns,
      input: { row: stride[0] * row, pixel: stride[1] * pixel },
      taps: {
        rows: tapRows,
        columns: dense ? 1 : tapColumns,
        strides: { row, pixel },
        bytes: dense ? tapColumns * pixel : 4 * channels,
      },
      vectors,
      tile,
      tail,
    },
    {
      input: { buffer: stage.input, offset: origin - padding.top * row - padding.left * pixel },
      weights: planning.constant(packPanels([matrix], tile, arithmetics.float)),
      filters: planning.constant(filled(node.bias, 4 * vectors)),
      constants,
      ...buffersFrom(0),
    },
  )
}

function filled(numbers: Float32Array, length: number): Uint8Array {
  const longer = new Float32Array(length)
  longer.set(numbers)
  return new Uint8Array(longer.buffer)
}
