import * as tf from '@tensorflow/tfjs'
import { customGradient } from './custom-gradient.js'

/**
 * `(x @ kernel + bias) * scale`: x [n, inputs], kernel [inputs, units], bias and scale [units].
 *
 * Gradients: `kernel`: (transposed x @ dy) * scale; `bias`: scale * sum(dy); `x`: dy @ transposed (kernel * scale).
 * `scale` counts as a constant (`carryScale` gives it a gradient).
 */
export function scaledProduct(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return customGradient(
    [x, kernel, bias],
    (save) => {
      save([x, kernel, scale])
      return tf.tidy(() => tf.mul(tf.add(tf.matMul(x, kernel), bias), scale))
    },
    (dy, saved) => {
      const [x, kernel, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor]
      return tf.tidy(() => [
        tf.matMul(dy, tf.mul(kernel, scale), false, true),
        tf.mul(tf.matMul(x, dy, true, false), scale),
        tf.mul(tf.sum(dy, [0]), scale),
      ])
    },
  )
}
