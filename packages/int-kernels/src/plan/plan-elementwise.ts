import type { PadChannels } from '../format/index.js'
import type { ChannelPadding } from '../kernels/pad-channels.js'
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
  const before = node.before * bytes
  planCopy(planning, stage, {
    byte: output.kind === 'codes' ? dequantization(planning.range(node.name)).zero : 0,
    before,
    after: output.pixel - before - input.channels * bytes,
    output: { row: output.row, pixel: output.pixel },
  })
}

/** Plans a copy of an image's numbers to where no gaps are between its pixels. */
export function planFlatten(planning: Planning, stage: Stage): void {
  const { kind, width, channels } = planning.layout(stage.input)
  const pixel = channels * (kind === 'codes' ? 1 : 4)
  planCopy(planning, stage, { byte: 0, before: 0, after: 0, output: { row: width * pixel, pixel } })
}

function planCopy(
  planning: Planning,
  { input, producer }: Stage,
  copy: Pick<ChannelPadding, 'byte' | 'before' | 'after' | 'output'>,
): void {
  const { kind, height, width, channels, row, pixel, origin } = planning.layout(input)
  const kernel: ChannelPadding = {
    kernel: 'pad-channels',
    rows: height,
    columns: width,
    channels: channels * (kind === 'codes' ? 1 : 4),
    input: { row, pixel },
    ...copy,
  }
  planning.call(producer.name, kernel, {
    input: { buffer: input, offset: origin },
    output: { buffer: producer.name, offset: planning.layout(producer.name).origin },
  })
}
