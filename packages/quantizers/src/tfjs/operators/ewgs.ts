import * as tf from '@tensorflow/tfjs'
import { integerBounds, inverseScale } from '../../arithmetic.js'
import type { QuantizationRange } from '../../range.js'
import { selectInside } from '../operations/clamp.js'
import { customGradient } from '../operations/custom-gradient.js'
import { integerInput } from '../operations/integer-input.js'

/**
 * Element-wise gradient scaling: forward as `straightThrough`.
 *
 * Gradient, inside the range: `dy * (1 + delta * sign(dy) * (u - round(u)) / (levels - 1))` with `u = x * inv`, the position in
 * steps; 0 outside. It grows where the step of the optimizer would lead away from the level that was rounded to: with
 * `delta = 0` it is the straight-through estimator. Lee, Kim, Ham, "Network Quantization with Element-wise Gradient Scaling",
 * CVPR 2021, eq. 5, where values and levels run from 0 to 1.
 * @param delta 0 or more; the paper takes it from the Hessian's trace, and 1e-3 where it is fixed
 */
export function ewgs(x: tf.Tensor, range: QuantizationRange, { delta = 1e-3 }: { delta?: number } = {}): tf.Tensor {
  const inverse = inverseScale(range.scale)
  const bounds = integerBounds(range)
  return customGradient(
    [x],
    (save) => {
      save([x])
      return tf.tidy(() => tf.mul(integerInput(x, { inverseScale: inverse, ...bounds }), range.scale))
    },
    (dy, [x]) => [
      tf.tidy(() => {
        const u = tf.mul(x!, inverse)
        const discrepancy = tf.div(tf.sub(u, tf.round(u)), range.levels - 1)
        const scaled = tf.mul(dy, tf.add(1, tf.mul(tf.mul(tf.sign(dy), discrepancy), delta)))
        return selectInside(u, scaled, bounds.minimum, bounds.maximum)
      }),
    ],
  )
}
