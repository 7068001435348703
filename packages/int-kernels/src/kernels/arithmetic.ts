import { f32x4, i16x8, i32x4, type V128, v128 } from '@lowbit/wasm-emit'

/**
 * How codes are multiplied with weights; a vector of weights holds 4 filters, a 32-bit lane one group of channels of each.
 * - `dot-add`: bytes, 4 channels a lane, sums in i32 (where `Engine.unsignedDotAdd`: elsewhere it is three instructions, and Node 20
 *   computes it wrong)
 * - `dot`: bytes, 4 channels a lane, sums in i16 for `burst` steps, then widened (relaxed SIMD, codes up to 127)
 * - `wide`: i16, 2 channels a lane, sums in i32 (plain SIMD, all codes)
 * - `float`: f32, a channel a lane, product and sum rounded
 */
export type ArithmeticName = 'dot-add' | 'dot' | 'wide' | 'float'

export interface Arithmetic {
  /** Channels in a lane. */
  readonly group: 1 | 2 | 4
  /** Bytes of one code and of one weight. */
  readonly bytes: 1 | 2 | 4
  /** weights x codes, summed within lanes; with a sum, added to that. */
  multiply(weights: V128, codes: V128, sum?: V128): V128
}

export const arithmetics: Readonly<Record<ArithmeticName, Arithmetic>> = {
  'dot-add': {
    group: 4,
    bytes: 1,
    multiply: (weights, codes, sum = v128.zero) => i32x4.relaxedDotAdd(weights, codes, sum),
  },
  dot: {
    group: 4,
    bytes: 1,
    multiply: (weights, codes, sum) => plus(i16x8.add, i16x8.relaxedDot(weights, codes), sum),
  },
  wide: {
    group: 2,
    bytes: 2,
    multiply: (weights, codes, sum) => plus(i32x4.add, i32x4.dot(weights, codes), sum),
  },
  float: {
    group: 1,
    bytes: 4,
    multiply: (weights, codes, sum) => plus(f32x4.add, f32x4.mul(weights, codes), sum),
  },
}

/** Sums of pairs of i16 as i32: what ends a burst of `dot`. */
export const widened = (sum: V128): V128 => i32x4.extaddPairwiseS(sum)

const plus = (add: (a: V128, b: V128) => V128, product: V128, sum: V128 | undefined): V128 =>
  sum === undefined ? product : add(sum, product)
