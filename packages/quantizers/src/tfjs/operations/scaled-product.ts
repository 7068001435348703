import * as tf from '@tensorflow/tfjs'
import { separateGradients } from './custom-gradient.js'

/**
 * `(x @ kernel + bias) * scale`: x [n, inputs], kernel [inputs, units], bias and scale [units].
 *
 * Gradients: `kernel`: (transposed x @ dy) * scale; `bias`: scale * sum(dy); `x`: dy @ transposed (kernel * scale).
 * `scale` counts as a constant (`carryScale` gives it a gradient).
 */
export function scaledProduct(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return separateGradients(
    [x, kernel, bias],
    (save) => {
      save([x, kernel, scale])
      return tf.tidy(() => tf.mul(tf.add(tf.matMul(x, kernel), bias), scale))
    },
    [
      (dy, [, kernel, scale]) => tf.matMul(dy, tf.mul(kernel!, scale!), false, true),
      (dy, [x, , scale]) => tf.mul(tf.matMul(x!, dy, true, false), scale!),
      (dy, [, , scale]) => tf.mul(tf.sum(dy, [0]), scale!),
    ],
  )
}
