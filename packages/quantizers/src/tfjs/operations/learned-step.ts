import * as tf from '@tensorflow/tfjs'
import { smallestScale } from '../../arithmetic.js'
import { customGradient } from './custom-gradient.js'

/**
 * A trained step as a scale: `max(|step|, 2^-60)`, so that an optimizer's overshooting gives no negative scale.
 * Gradient: `dy * factor`, negated where the step is negative. LSQ's factor is `1 / sqrt(numbers * largest integer)`.
 */
export function learnedStep(step: tf.Tensor, factor: number): tf.Tensor {
  return customGradient(
    [step],
    (save) => {
      save([step])
      return scaleOfStep(step)
    },
    (dy, [saved]) => [
      tf.tidy(() => {
        const scaled = tf.mul(dy, factor)
        return tf.where(tf.less(saved!, 0), tf.neg(scaled), scaled)
      }),
    ],
  )
}

/** The scale alone. */
export function scaleOfStep(step: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.maximum(tf.abs(step), smallestScale))
}

/** LSQ's gradient factor for a step that so many numbers share: `1 / sqrt(numbers * largest)`. */
export function stepGradientFactor(
  numbers: number,
  { minimum, maximum }: { minimum: number; maximum: number },
): number {
  return 1 / Math.sqrt(numbers * Math.max(maximum, -minimum, 1))
}
