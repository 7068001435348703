import * as tf from '@tensorflow/tfjs'
import { composedClamp, selectInside } from './clamp.js'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/**
 * How weights become integers, one number a filter: tensors of shape [filters], the last axis of the weights. They and the
 * mask are constants that have to live until the gradient is taken (a copy of each at each step would cost more than the
 * operation).
 */
export interface FilterIntervals {
  readonly inverseScale: tf.Tensor
  readonly minimum: tf.Tensor
  readonly maximum: tf.Tensor
}

/**
 * Weights in units of their scale, as integers where `mask` is 1 and unrounded where it is 0:
 * `mask ? clamp(round(w * inverseScale), minimum, maximum) : w * inverseScale`. Filters lie on the last axis; `mask` is of
 * the shape of `w`, f32. A bias [filters] is rounded by the same operation.
 *
 * Gradient (straight-through): `dy * inverseScale`, but 0 where the mask is 1 and `w * inverseScale` outside
 * minimum..maximum.
 */
export function integerFilters(w: tf.Tensor, mask: tf.Tensor, intervals: FilterIntervals): tf.Tensor {
  return customGradient(
    [w],
    (save) => {
      save([w])
      return filtersOf(w, mask, intervals)
    },
    (dy, [w]) => [filtersGradient(w!, mask, intervals, dy)],
  )
}

/** The weights in units of their scale alone. */
export function filtersOf(w: tf.Tensor, mask: tf.Tensor, intervals: FilterIntervals): tf.Tensor {
  const { inverseScale, minimum, maximum } = intervals
  if (hasKernel('LowbitQuantizeFilters')) return runKernel('LowbitQuantizeFilters', { w, mask, ...intervals })
  return tf.tidy(() => {
    const scaled = tf.mul(w, inverseScale)
    return tf.where(tf.cast(mask, 'bool'), composedClamp(tf.round(scaled), minimum, maximum), scaled)
  })
}

/** The gradient for `w` alone. */
export function filtersGradient(w: tf.Tensor, mask: tf.Tensor, intervals: FilterIntervals, dy: tf.Tensor): tf.Tensor {
  const { inverseScale, minimum, maximum } = intervals
  if (hasKernel('LowbitQuantizeFiltersGrad')) {
    return runKernel('LowbitQuantizeFiltersGrad', { w, mask, ...intervals, dy })
  }
  return tf.tidy(() => {
    const passed = tf.mul(dy, inverseScale)
    const gated = selectInside(tf.mul(w, inverseScale), passed, minimum, maximum)
    return tf.where(tf.cast(mask, 'bool'), gated, passed)
  })
}
