import * as tf from '@tensorflow/tfjs'
import { composedClamp } from './clamp.js'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/**
 * tanh in f32 with the same bits everywhere, which `tf.tanh` has not:
 *
 *     c = clamp(x, -limit, limit);  u = c * c
 *     p = ((((((p6 * u + p5) * u + p4) * u + p3) * u + p2) * u + p1) * u + p0) * c
 *     q = ((q3 * u + q2) * u + q1) * u + q0
 *     y = p / q
 *
 * every product, sum and quotient rounded to f32 on its own, in this order. Within 4e-7 of tanh, odd, never beyond -1..1;
 * NaN stays NaN. The coefficients are those of Eigen's `ptanh_float` (MPL-2.0, https://gitlab.com/libeigen/eigen).
 *
 * Gradient: `dy * (1 - y * y)`.
 */
export function tanhApproximation(x: tf.Tensor): tf.Tensor {
  return customGradient(
    [x],
    (save) => {
      const y = hasKernel('LowbitTanh')
        ? runKernel('LowbitTanh', { x }, { limit, numerator, denominator })
        : composedTanh(x)
      save([y])
      return y
    },
    (dy, [y]) => [
      hasKernel('LowbitTanhGrad')
        ? runKernel('LowbitTanhGrad', { y: y!, dy })
        : tf.tidy(() => tf.mul(dy, tf.sub(1, tf.mul(y!, y!)))),
    ],
  )
}

function composedTanh(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const c = composedClamp(x, -limit, limit)
    const u = tf.mul(c, c)
    return tf.div(tf.mul(polynomial(u, numerator), c), polynomial(u, denominator))
  })
}

/** The same of one number: the reference for other implementations. */
export function tanhApproximationOf(x: number): number {
  const c = Math.min(Math.max(f32(x), -limit), limit)
  const u = f32(c * c)
  const [p, q] = [numerator, denominator].map((coefficients) =>
    coefficients.reduce((sum, coefficient) => f32(f32(sum * u) + coefficient)),
  )
  return f32(f32(p! * c) / q!)
}

const f32 = Math.fround

/** Beyond it tanh is 1 within 3e-7. */
const limit = f32(7.905311107635498)

/** p6 .. p0 */
const numerator = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
  6.37261928875436e-4, 4.89352455891786e-3,
].map(f32)

/** q3 .. q0 */
const denominator = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3].map(f32)

/** Horner's scheme, from the highest power down. */
function polynomial(u: tf.Tensor, [highest, ...lower]: readonly number[]): tf.Tensor {
  return lower.reduce<tf.Tensor>((sum, coefficient) => tf.add(tf.mul(sum, u), coefficient), tf.scalar(highest!))
}
