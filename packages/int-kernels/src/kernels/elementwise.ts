import { type Func, v128 } from '@lowbit/wasm-emit'
import { type Channelwise, channelwise } from './channelwise.js'
import { dequantized } from './tail.js'
import { times } from './times.js'

/** Carries a tail out on floats as they lie in memory, or on codes times their scale. */
export interface Elementwise extends Channelwise {
  readonly kernel: 'elementwise'
}

/** Parameters: input, constants of the tail, zero and scale of codes (two vectors; unused for floats), the tail's buffers. */
export function elementwise(spec: Elementwise): Func {
  const { inputBytes } = spec
  return channelwise('elementwise', spec, { range: 0 }, (_, width, input, [range]) =>
    times(width, (i) =>
      inputBytes === 4
        ? v128.load(input, 16 * i)
        : dequantized(v128.load32Zero(input, 4 * i), v128.load(range!), v128.load(range!, 16)),
    ),
  )
}
