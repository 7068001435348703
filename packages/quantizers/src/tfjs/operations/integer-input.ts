import * as tf from '@tensorflow/tfjs'
import { composedClamp, selectInside } from './clamp.js'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/** How an input becomes integers: `inverseScale` is an f32 number, the bounds are integers (see `integerBounds`). */
export interface IntegerInterval<Scale = number> {
  readonly inverseScale: Scale
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
  return customGradient(
    [x],
    (save) => {
      save([x])
      return integersOf(x, interval)
    },
    (dy, [x]) => [integersGradient(x!, dy, interval)],
  )
}

/** The integers alone; `inverseScale` may be a tensor of one number. */
export function integersOf(x: tf.Tensor, interval: IntegerInterval<number | tf.Tensor>): tf.Tensor {
  const { inverseScale, minimum, maximum } = interval
  return hasKernel('LowbitQuantize')
    ? runKernel('LowbitQuantize', { x }, { inverseScale: numberOf(inverseScale), minimum, maximum })
    : tf.tidy(() => composedClamp(tf.round(tf.mul(x, inverseScale)), minimum, maximum))
}

/** The gradient for `x` alone. */
export function integersGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  { inverseScale, minimum, maximum }: IntegerInterval<number | tf.Tensor>,
): tf.Tensor {
  return hasKernel('LowbitQuantizeGrad')
    ? runKernel('LowbitQuantizeGrad', { x, dy }, { inverseScale: numberOf(inverseScale), minimum, maximum })
    : tf.tidy(() => selectInside(tf.mul(x, inverseScale), tf.mul(dy, inverseScale), minimum, maximum))
}

/** Where a backend has kernels that take the scale as an attribute, its memory is at hand: reading one number is cheap. */
function numberOf(scale: number | tf.Tensor): number {
  return typeof scale === 'number' ? scale : scale.dataSync()[0]!
}
