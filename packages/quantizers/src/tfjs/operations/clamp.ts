import * as tf from '@tensorflow/tfjs'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/** The interval that an activation clamps to: ReLU 0..Infinity, ReLU6 0..6, hardtanh -1..1. */
export interface Bounds {
  readonly minimum: number
  /** Infinity where absent (which JSON cannot hold). */
  readonly maximum?: number
}

/**
 * `min(max(x, minimum), maximum)`; NaN stays NaN on every backend, where `tf.relu6` and `tf.clipByValue` make it 0 on wasm.
 *
 * Gradient: `dy` where `minimum <= x <= maximum`, 0 elsewhere and where x is NaN.
 */
export function clamp(x: tf.Tensor, { minimum, maximum = Infinity }: Bounds): tf.Tensor {
  return customGradient(
    [x],
    (save) => {
      save([x])
      return hasKernel('LowbitActivation')
        ? runKernel('LowbitActivation', { x }, { minimum, maximum })
        : composedClamp(x, minimum, maximum)
    },
    (dy, [saved]) => [
      hasKernel('LowbitActivationGrad')
        ? runKernel('LowbitActivationGrad', { x: saved!, dy }, { minimum, maximum })
        : selectInside(saved!, dy, minimum, maximum),
    ],
  )
}

/** The same of tfjs operations, without a gradient. wasm's maximum gives NaN only where its first operand is NaN. */
export function composedClamp(x: tf.Tensor, minimum: number | tf.Tensor, maximum: number | tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.minimum(tf.maximum(x, minimum), maximum))
}

/** `dy` where `minimum <= x <= maximum`, otherwise 0; of tfjs operations, without a gradient. */
export function selectInside(
  x: tf.Tensor,
  dy: tf.Tensor,
  minimum: number | tf.Tensor,
  maximum: number | tf.Tensor,
): tf.Tensor {
  return tf.tidy(() =>
    tf.where(tf.logicalAnd(tf.greaterEqual(x, minimum), tf.lessEqual(x, maximum)), dy, tf.zerosLike(dy)),
  )
}
