import * as tf from '@tensorflow/tfjs'
import { customGradient } from './custom-gradient.js'
import { type FilterIntervals, filtersGradient, filtersOf } from './integer-filters.js'
import { type IntegerInterval, integersGradient, integersOf } from './integer-input.js'

/**
 * Integers of a trained scale, one number for all of `x`: with `v = x * (1 / scale)`, `clamp(round(v), minimum, maximum)`.
 *
 * Gradients, straight-through: `x`: `dy / scale` where `minimum <= v <= maximum`, else 0; `scale`: the sum of `-dx * v`,
 * dx the gradient for x.
 */
export function learnedIntegers(
  x: tf.Tensor,
  scale: tf.Tensor,
  bounds: Omit<IntegerInterval, 'inverseScale'>,
): tf.Tensor {
  const intervalOf = (scale: tf.Tensor) => ({ inverseScale: tf.div(1, scale), ...bounds })
  return customGradient(
    [x, scale],
    (save) => {
      save([x, scale])
      return tf.tidy(() => integersOf(x, intervalOf(scale)))
    },
    (dy, [x, scale]) =>
      tf.tidy(() => {
        const interval = intervalOf(scale!)
        const dx = integersGradient(x!, dy, interval)
        return [dx, gradientOfScale(x!, dx, interval.inverseScale)]
      }),
  )
}

/**
 * The same of filters, which lie on the last axis, with a mask as `integerFilters` has it: where that is 0, the integer is
 * `v` itself. `scale` has one number, or one for each filter. Mask and bounds have to live until the gradient is taken.
 */
export function learnedFilters(
  w: tf.Tensor,
  scale: tf.Tensor,
  mask: tf.Tensor,
  { minimum, maximum }: Omit<FilterIntervals, 'inverseScale'>,
): tf.Tensor {
  const intervalsOf = (inverse: tf.Tensor) => ({
    inverseScale: tf.broadcastTo(inverse, minimum.shape),
    minimum,
    maximum,
  })
  return customGradient(
    [w, scale],
    (save) => {
      save([w, scale])
      return tf.tidy(() => filtersOf(w, mask, intervalsOf(tf.div(1, scale))))
    },
    (dy, [w, scale]) =>
      tf.tidy(() => {
        const inverse = tf.div(1, scale!)
        const dw = filtersGradient(w!, mask, intervalsOf(inverse), dy)
        return [dw, gradientOfScale(w!, dw, inverse)]
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

/** `x / scale` falls by `x / scale^2` as the scale rises: what `dx` passed, times -v. */
function gradientOfScale(x: tf.Tensor, dx: tf.Tensor, inverse: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mul(sumLike(tf.mul(dx, x), inverse), inverse))
}
