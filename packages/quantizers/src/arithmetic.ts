/**
 * The scalar formulas that training, lowering and the integer runtime share. All of it is f32: every product is rounded
 * once (`Math.fround`), rounding is half to even, and a division by a scale is a multiplication by its rounded inverse.
 *
 * code  = clamp(round(fround(x * fround(1 / scale))) + zeroPoint, 0, levels - 1)
 * value = fround(scale * (code - zeroPoint))
 */
import { QuantizerError } from './quantizer-error.js'

/** What the scalar formulas need of a range: f32 scale, integer zero point in 0..levels-1. */
export interface ScalarRange {
  readonly scale: number
  readonly zeroPoint: number
  readonly levels: number
}

/**
 * Scales are kept within 2^-60..2^60. Then a scale, the product of two scales and the inverses of both are all normal f32
 * numbers, and no code of 256 levels dequantizes to an infinity.
 */
export const smallestScale = 2 ** -60
export const largestScale = 2 ** 60

/** `fround(1 / scale)`: what values are multiplied by, everywhere. */
export function inverseScale(scale: number): number {
  return Math.fround(1 / scale)
}

/** The nearest integer, ties to even, as `f32.nearest` of WebAssembly and `tf.round` (but a zero is always +0). */
export function roundHalfEven(x: number): number {
  // Above 2^51 a double has no fraction of a half left to round; below, the sum has no bits after the binary point.
  return Math.abs(x) < 2 ** 51 ? x + 1.5 * 2 ** 52 - 1.5 * 2 ** 52 : x
}

/** The code of one value, in 0..levels-1. `x` is an f32 number; NaN is not looked for here. */
export function quantizeValue(x: number, { scale, zeroPoint, levels }: ScalarRange): number {
  const nearest = roundHalfEven(Math.fround(x * inverseScale(scale))) + zeroPoint
  return Math.min(Math.max(nearest, 0), levels - 1)
}

/** The value of one code: `fround(scale * (code - zeroPoint))`. */
export function dequantizeValue(code: number, { scale, zeroPoint }: ScalarRange): number {
  return Math.fround(scale * (code - zeroPoint))
}

/**
 * The interval of `code - zeroPoint` that an input may take, as signed integers, when an activation that clamps to
 * `minimum`..`maximum` stands directly before the quantizer (ReLU: 0..Infinity, ReLU6: 0..6):
 * `max(-z, round(minimum * inverse))` .. `min(levels - 1 - z, round(maximum * inverse))`.
 */
export function integerBounds(
  range: ScalarRange,
  { minimum = -Infinity, maximum = Infinity }: { readonly minimum?: number; readonly maximum?: number } = {},
): { readonly minimum: number; readonly maximum: number } {
  return {
    minimum: quantizeValue(minimum, range) - range.zeroPoint,
    maximum: quantizeValue(maximum, range) - range.zeroPoint,
  }
}

/** The scale of a product of two quantized numbers, one of each range: `fround(inputScale * weightScale)`. */
export function combinedScale(inputScale: number, weightScale: number): number {
  const combined = Math.fround(inputScale * weightScale)
  if (!(combined >= smallestScale ** 2 && combined <= largestScale ** 2)) {
    throw new QuantizerError(
      'RANGE',
      `combinedScale(): ${inputScale} * ${weightScale} is ${combined}, expected scales from 2^-60 to 2^60`,
    )
  }
  return combined
}

/**
 * A bias in units of the combined scale, an integer: `round(fround(bias * fround(1 / combined)))`. Where it must stay
 * exact in f32, its size together with the accumulator's has to be below 2^24: see `raiseScalesForBias`.
 */
export function quantizeBias(bias: number, inputScale: number, weightScale: number): number {
  return roundHalfEven(scaleBias(bias, inputScale, weightScale))
}

/** The same bias before rounding, for filters that are still float: `fround(bias * fround(1 / combined))`. */
export function scaleBias(bias: number, inputScale: number, weightScale: number): number {
  return Math.fround(bias * inverseScale(combinedScale(inputScale, weightScale)))
}

/** The value of an accumulator (products plus quantized bias, an integer below 2^24): `fround(accumulator * combined)`. */
export function rescale(accumulator: number, combined: number): number {
  return Math.fround(accumulator * combined)
}
