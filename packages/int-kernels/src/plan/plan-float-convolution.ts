import { type FloatConv2d, type FloatDense, noPadding, windowedSize } from '../format/index.js'
import { panelWidths, type Tile, tileFor } from '../kernels/tile.js'
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
  const tile = tileFor(rows, columns, vectors, 'wide')
  planning.call(
    node.name,
    {
      kernel: 'float-convolution',
      rows,
      columns,
      input: { row: stride[0] * row, pixel: stride[1] * pixel },
      taps: { rows: tapRows, columns: tapColumns, channels, strides: { row, pixel } },
      vectors,
      tile,
      tail,
    },
    {
      input: { buffer: stage.input, offset: origin - padding.top * row - padding.left * pixel },
      weights: planning.constant(packFloats(node, tapRows * tapColumns * channels, vectors, tile)),
      filters: planning.constant(filled(node.bias, 4 * vectors)),
      constants,
      ...buffersFrom(0),
    },
  )
}

/** Panels of a tile's vectors, then rows, columns and channels of the taps, then filters: 0 for filters that are not there. */
function packFloats(node: FloatConv2d | FloatDense, positions: number, vectors: number, tile: Tile): Uint8Array {
  const filters = node.bias.length
  const packed = new Float32Array(positions * 4 * vectors)
  let at = 0
  let first = 0
  for (const width of panelWidths(vectors, tile)) {
    for (let position = 0; position < positions; position++) {
      for (let filter = first; filter < first + 4 * width; filter++) {
        packed[at++] = filter < filters ? node.weights[position * filters + filter]! : 0
      }
    }
    first += 4 * width
  }
  return new Uint8Array(packed.buffer)
}

function filled(numbers: Float32Array, length: number): Uint8Array {
  const longer = new Float32Array(length)
  longer.set(numbers)
  return new Uint8Array(longer.buffer)
}
