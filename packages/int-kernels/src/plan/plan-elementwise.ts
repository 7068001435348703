import type { PadChannels } from '../format/index.js'
import { dequantization, planTail } from './plan-tail.js'
import type { Planning } from './planning.js'
import type { Stage } from './stages.js'

/** Plans what reads each number by itself: floats as they are, or codes times their scale. */
export function planElementwise(planning: Planning, stage: Stage, reads: 'floats' | 'codes'): void {
  const { row, pixel, origin, height, width, channels } = planning.layout(stage.input)
  const { tail, constants, buffersFrom } = planTail(planning, stage.tail)
  planning.call(
    stage.producer.name,
    {
      kernel: 'elementwise',
      rows: height,
      columns: width,
      vectors: Math.ceil(channels / 4),
      input: { row, pixel },
      inputBytes: reads === 'floats' ? 4 : 1,
      tail,
    },
    {
      input: { buffer: stage.input, offset: origin },
      constants,
      range: reads === 'floats' ? 'unused' : planning.constant(zeroAndScale(planning, stage.input)),
      ...buffersFrom(0),
    },
  )
}

function zeroAndScale(planning: Planning, name: string): Uint8Array {
  const { zero, scale } = dequantization(planning.range(name))
  const packed = new Uint8Array(32)
  new Int32Array(packed.buffer, 0, 4).fill(zero)
  new Float32Array(packed.buffer, 16, 4).fill(scale)
  return packed
}

export function planPadChannels(planning: Planning, stage: Stage, node: PadChannels): void {
  const input = planning.layout(stage.input)
  const output = planning.layout(node.name)
  const bytes = output.kind === 'codes' ? 1 : 4
  const channels = input.channels * bytes
  const before = node.before * bytes
  planning.call(
    node.name,
    {
      kernel: 'pad-channels',
      rows: output.height,
      columns: output.width,
      byte: output.kind === 'codes' ? dequantization(planning.range(node.name)).zero : 0,
      before,
      channels,
      after: output.pixel - before - channels,
      input: { row: input.row, pixel: input.pixel },
      output: { row: output.row, pixel: output.pixel },
    },
    { input: { buffer: stage.input, offset: input.origin }, output: { buffer: node.name, offset: output.origin } },
  )
}
