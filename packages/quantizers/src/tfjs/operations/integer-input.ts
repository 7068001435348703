import * as tf from '@tensorflow/tfjs'
import { composedClamp, selectInside } from './clamp.js'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/** How an input becomes integers: `inverseScale` is an f32 number, the bounds are integers (see `integerBounds`). */
export interface IntegerInterval {
  readonly inverseScale: number
  readonly minimum: number
  readonly maximum: number
}

/**
 * The integers `code - zeroPoint` of an input, held in f32: `clamp(round(x * inverseScale), minimum, maximum)`, half to
 * even; zero is 0, so zero padding stays exact, and NaN stays NaN.
 *
 * Gradient (straight-through): `dy * inverseScale` where `minimum <= x * inverseScale <= maximum`, 0 elsewhere.
 */
export function integerInput(x: tf.Tensor, interval: IntegerInterval): tf.Tensor {
  const attributes = { ...interval }
  return customGradient(
    [x],
    (save) => {
      save([x])
      return hasKernel('LowbitQuantize') ? runKernel('LowbitQuantize', { x }, attributes) : composed(x, interval)
    },
    (dy, [saved]) => [
      hasKernel('LowbitQuantizeGrad')
        ? runKernel('LowbitQuantizeGrad', { x: saved!, dy }, attributes)
        : composedGradient(saved!, dy, interval),
    ],
  )
}

function composed(x: tf.Tensor, { inverseScale, minimum, maximum }: IntegerInterval): tf.Tensor {
  return tf.tidy(() => composedClamp(tf.round(tf.mul(x, inverseScale)), minimum, maximum))
}

function composedGradient(x: tf.Tensor, dy: tf.Tensor, { inverseScale, minimum, maximum }: IntegerInterval): tf.Tensor {
  return tf.tidy(() => selectInside(tf.mul(x, inverseScale), tf.mul(dy, inverseScale), minimum, maximum))
}
