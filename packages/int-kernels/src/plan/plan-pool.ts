import type { AveragePool, GlobalAveragePool, MaxPool } from '../format/index.js'
import { planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

export function planMaxPool(planning: Planning, stage: Stage, node: MaxPool): void {
  const input = planning.layout(stage.input)
  const output = planning.layout(node.name)
  planning.call(
    node.name,
    {
      kernel: 'max-pool',
      element: output.kind,
      rows: output.height,
      columns: output.width,
      pixelBytes: output.pixel,
      output: { row: output.row, pixel: output.pixel },
      input: { row: input.row, pixel: input.pixel, rows: input.height, columns: input.width },
      size: node.size,
      stride: node.stride,
      padding: [node.padding.top, node.padding.left],
    },
    { input: { buffer: stage.input, offset: input.origin }, output: { buffer: node.name, offset: output.origin } },
  )
}

export function planAveragePool(planning: Planning, stage: Stage, node: AveragePool | GlobalAveragePool): void {
  const { row, pixel, origin, height, width, channels } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  const whole = node.operator === 'global-average-pool'
  const size = whole ? ([height, width] as const) : node.size
  const stride = whole ? ([1, 1] as const) : node.stride
  planning.call(
    node.name,
    {
      kernel: 'average-pool',
      rows: Math.floor((height - size[0]) / stride[0]) + 1,
      columns: Math.floor((width - size[1]) / stride[1]) + 1,
      vectors: Math.ceil(channels / 4),
      input: { row: stride[0] * row, pixel: stride[1] * pixel },
      inputBytes: 4,
      window: { rows: size[0], columns: size[1], strides: { row, pixel } },
      tail,
    },
    { input: { buffer: stage.input, offset: origin }, constants, ...buffersFrom(0) },
  )
}
