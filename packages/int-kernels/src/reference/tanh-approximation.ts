/**
 * tanh(x) as a quotient of polynomials in f32, each operation rounded, in this order: the same bits wherever it is written.
 *
 *     x = clamp(x, -bound, bound);  s = x * x
 *     p = ((((((p6 * s + p5) * s + p4) * s + p3) * s + p2) * s + p1) * s + p0) * x
 *     q = ((q3 * s + q2) * s + q1) * s + q0
 *     tanh = p / q
 *
 * Within 4e-7 of tanh, odd, and never beyond -1..1. NaN gives NaN. The coefficients are those of Eigen's `ptanh_float`
 * (MPL-2.0: https://gitlab.com/libeigen/eigen), which leaves multiply-add to the compiler where this does not.
 */
export function tanhApproximation(value: number): number {
  const x = Math.min(Math.max(value, -bound), bound)
  const square = f32(x * x)
  return f32(f32(horner(numerator, square) * x) / horner(denominator, square))
}

const f32 = Math.fround

export const bound = f32(7.905311107635498)

/** From the highest power of x² down. */
export const numerator = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
  6.37261928875436e-4, 4.89352455891786e-3,
].map(f32)

export const denominator = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3].map(f32)

function horner([highest, ...lower]: readonly number[], square: number): number {
  return lower.reduce((sum, coefficient) => f32(f32(sum * square) + coefficient), highest!)
}
