import * as tf from '@tensorflow/tfjs'
import { composedClamp } from './clamp.js'
import { customGradient } from './custom-gradient.js'

/** Bounds of the integers: numbers, or constants with one for each index of the last axis. */
export interface IntegerBounds {
  readonly minimum: number | tf.Tensor
  readonly maximum: number | tf.Tensor
}

/**
 * Integers of a trained scale: with `v = x * (1 / scale)`, `clamp(round(v), minimum, maximum)`; where a mask is given, only
 * where it is 1, and `v` where it is 0. `scale` has one number, or one for each index of the last axis. The mask and bounds
 * that are tensors have to live until the gradient is taken.
 *
 * Gradients, straight-through, with `pass` 1 where `minimum < v < maximum` or the mask is 0, else 0:
 * `x`: `dy * pass / scale`; `scale`: sum of `-dy * pass * v / scale`.
 */
export function learnedIntegers(
  x: tf.Tensor,
  scale: tf.Tensor,
  { minimum, maximum }: IntegerBounds,
  mask: tf.Tensor | null = null,
): tf.Tensor {
  return customGradient(
    [x, scale],
    (save) => {
      save([x, scale])
      return tf.tidy(() => {
        const v = tf.mul(x, tf.div(1, scale))
        const integers = composedClamp(tf.round(v), minimum, maximum)
        return mask === null ? integers : tf.where(tf.cast(mask, 'bool'), integers, v)
      })
    },
    (dy, [x, scale]) =>
      tf.tidy(() => {
        const inverse = tf.div(1, scale!)
        const v = tf.mul(x!, inverse)
        const inside = tf.logicalAnd(tf.greater(v, minimum), tf.less(v, maximum))
        const pass = mask === null ? inside : tf.logicalOr(inside, tf.logicalNot(tf.cast(mask, 'bool')))
        const dv = tf.where(pass, dy, tf.zerosLike(dy))
        return [tf.mul(dv, inverse), tf.neg(tf.mul(sumLike(tf.mul(dv, v), scale!), inverse))]
      }),
  )
}

/** The sum over everything, or over all axes but the last where `like` has more than one number; of its shape. */
export function sumLike(x: tf.Tensor, like: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const sum = like.size === 1 ? tf.sum(x) : tf.sum(tf.reshape(x, [-1, like.size]), 0)
    return tf.reshape(sum, like.shape)
  })
}
