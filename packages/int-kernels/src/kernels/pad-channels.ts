import { type Func, func, i32 } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import { walk } from './walk.js'

/** Copies the channels of each pixel to between new ones; all numbers in bytes. */
export interface ChannelPadding {
  readonly kernel: 'pad-channels'
  readonly rows: number
  readonly columns: number
  readonly byte: number
  readonly before: number
  readonly channels: number
  readonly after: number
  readonly input: Strides
  readonly output: Strides
}

/** Parameters: input and output, each the address of its first pixel. */
export function padChannels(spec: ChannelPadding): Func {
  const { rows, columns, byte, before, channels, after } = spec
  return func('pad-channels', { input: 'i32', output: 'i32' }, ({ input, output }, body) => {
    const images = [
      { start: input, ...spec.input },
      { start: output, ...spec.output },
    ]
    walk(body, { rows, columns, pixels: 1 }, images, (_, [from, to]) => {
      body.fill(to!, byte, before)
      body.copy(i32.add(to!, before), from!, channels)
      body.fill(i32.add(to!, before + channels), byte, after)
    })
  })
}
