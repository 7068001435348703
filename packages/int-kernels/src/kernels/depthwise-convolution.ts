import { type Func, f32x4, i16x8, i32x4, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import { type Channelwise, channelwise } from './channelwise.js'
import type { Strides } from './strides.js'
import { times } from './times.js'

/** A convolution of each channel by itself, one filter a channel: codes 0..255, weights in i16. */
export interface DepthwiseConvolution extends Channelwise {
  readonly kernel: 'depthwise-convolution'
  readonly window: { readonly rows: number; readonly columns: number; readonly strides: Strides }
}

/** Bytes of 4 channels in memory: for each pair of taps their weights side by side (i16), then biases (i32) and scales (f32). */
const depthwiseBytes = (taps: number): number => 16 * Math.ceil(taps / 2) + 32

/**
 * Parameters: input (the first tap of the first pixel), constants of the tail, weights, the tail's buffers.
 * Two taps at a time: their codes are interleaved, so that one dot product adds both products.
 */
export function depthwiseConvolution(spec: DepthwiseConvolution): Func {
  const { rows, columns, strides } = spec.window
  const offsets = Array.from(
    { length: rows * columns },
    (_, tap) => Math.floor(tap / columns) * strides.row + (tap % columns) * strides.pixel,
  )
  const pairs = offsets.flatMap((first, tap) => (tap % 2 === 0 ? [[first, offsets[tap + 1]] as const] : []))
  const perVector = depthwiseBytes(offsets.length)
  return channelwise('depthwise-convolution', spec, { weights: perVector }, ({ local }, width, input, [weights]) => {
    const sums = times(width, () => local(v128.zero, 'sum'))
    pairs.forEach(([first, second], pair) => {
      sums.forEach((sum, i) => {
        const interleaved = pairOf(input, first + 4 * i, second === undefined ? undefined : second + 4 * i)
        sum.set(i32x4.add(sum, i32x4.dot(interleaved, v128.load(weights!, perVector * i + 16 * pair))))
      })
    })
    return sums.map((sum, i) => {
      const numbers = perVector * (i + 1) - 32
      const whole = i32x4.add(sum, v128.load(weights!, numbers))
      return f32x4.mul(f32x4.convertS(whole), v128.load(weights!, numbers + 16))
    })
  })
}

/** 4 codes of two taps as i16, interleaved: the second in the upper halves of 32-bit lanes. */
function pairOf(input: Local<'i32'>, first: number, second: number | undefined): V128 {
  const low = v128.load32Zero(input, first)
  if (second === undefined) return i32x4.extendLowU(i16x8.extendLowU(low))
  const both = i16x8.extendLowU(v128.load32Lane(input, low, 1, second))
  return i16x8.shuffle(both, both, [0, 4, 1, 5, 2, 6, 3, 7])
}
