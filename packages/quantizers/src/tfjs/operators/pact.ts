import * as tf from '@tensorflow/tfjs'
import { composedClamp } from '../operations/clamp.js'
import { customGradient } from '../operations/custom-gradient.js'
import { sumLike } from '../operations/learned-integers.js'

/**
 * Parameterized clipping activation: with `y = clamp(x, 0, alpha)`, `round(y * (levels - 1) / alpha) * alpha / (levels - 1)`.
 * A ReLU whose clipping level is trained. `alpha` has one number, above 0.
 *
 * Gradients: `x`: `dy` where `0 <= x < alpha`, else 0; `alpha`: the sum of `dy` where `x >= alpha`. Choi et al., "PACT:
 * Parameterized Clipping Activation for Quantized Neural Networks", 2018, eq. 1..3. The paper adds an L2 loss on alpha.
 */
export function pact(
  x: tf.Tensor,
  { levels }: { readonly levels: number },
  { alpha }: { readonly alpha: tf.Tensor },
): tf.Tensor {
  return customGradient(
    [x, alpha],
    (save) => {
      save([x, alpha])
      return tf.tidy(() => {
        const scale = tf.div(alpha, levels - 1)
        const integers = composedClamp(tf.round(tf.mul(x, tf.div(1, scale))), 0, levels - 1)
        return tf.mul(integers, scale)
      })
    },
    (dy, [x, alpha]) =>
      tf.tidy(() => {
        const zeros = tf.zerosLike(dy)
        const inside = tf.logicalAnd(tf.greaterEqual(x!, 0), tf.less(x!, alpha!))
        const above = tf.where(tf.greaterEqual(x!, alpha!), dy, zeros)
        return [tf.where(inside, dy, zeros), sumLike(above, alpha!)]
      }),
  )
}
