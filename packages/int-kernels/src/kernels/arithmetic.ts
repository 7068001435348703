import { i16x8, i32x4, type Local, type V128 } from '@lowbit/wasm-emit'

/**
 * How codes are multiplied with weights; a vector of weights holds 4 filters, a 32-bit lane one group of channels of each.
 * - `dot-add`: bytes, 4 channels a lane, sums in i32 (relaxed SIMD; codes up to 127, or 255 where the engine takes them)
 * - `dot`: bytes, 4 channels a lane, sums in i16 for `burst` steps, then widened (relaxed SIMD, codes up to 127)
 * - `wide`: i16, 2 channels a lane, sums in i32 (plain SIMD, all codes)
 */
export type ArithmeticName = 'dot-add' | 'dot' | 'wide'

export interface Arithmetic {
  /** Channels in a lane. */
  readonly group: 2 | 4
  /** Bytes of one code and of one weight. */
  readonly bytes: 1 | 2
  /** sum += weights x codes */
  multiply(sum: Local<'v128'>, weights: V128, codes: V128): void
}

export const arithmetics: Readonly<Record<ArithmeticName, Arithmetic>> = {
  'dot-add': {
    group: 4,
    bytes: 1,
    multiply: (sum, weights, codes) => sum.set(i32x4.relaxedDotAdd(weights, codes, sum)),
  },
  dot: {
    group: 4,
    bytes: 1,
    multiply: (sum, weights, codes) => sum.set(i16x8.add(sum, i16x8.relaxedDot(weights, codes))),
  },
  wide: {
    group: 2,
    bytes: 2,
    multiply: (sum, weights, codes) => sum.set(i32x4.add(sum, i32x4.dot(weights, codes))),
  },
}

/** Sums of pairs of i16 as i32: what ends a burst of `dot`. */
export const widened = (sum: V128): V128 => i32x4.extaddPairwiseS(sum)
