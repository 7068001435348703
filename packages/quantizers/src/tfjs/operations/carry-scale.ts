import * as tf from '@tensorflow/tfjs'
import { separateGradients } from './custom-gradient.js'
import { sumLike } from './learned-integers.js'

/**
 * `x` itself, one of the operands in which `accumulate(...) * scale` is linear (the filters, the bias), where that takes the
 * scale for a constant. It brings the scale the part of its gradient that is x's: `sum(dx * x) / scale`, for a number or for
 * each filter, the last axis. Together with the other operand's part that is `sum(dy * accumulate(...))`, from tensors as
 * small as the kernel instead of those as large as the output.
 *
 * Gradient for `x`: `dy`.
 */
export function carryScale(x: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return separateGradients(
    [x, scale],
    (save) => {
      save([x, scale])
      return tf.clone(x)
    },
    [(dx) => tf.clone(dx), (dx, [x, scale]) => tf.div(sumLike(tf.mul(dx, x!), scale!), scale!)],
  )
}
