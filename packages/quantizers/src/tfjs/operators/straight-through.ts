import * as tf from '@tensorflow/tfjs'
import { integerBounds, inverseScale } from '../../arithmetic.js'
import type { QuantizationRange } from '../../range.js'
import { selectInside } from '../operations/clamp.js'
import { customGradient } from '../operations/custom-gradient.js'
import { integerInput } from '../operations/integer-input.js'

/**
 * The paper's quantizer: `scale * clamp(round(x * inv), -z, levels - 1 - z)` with `inv = fround(1 / scale)`, in f32.
 *
 * Gradient: `dy` where `-z <= x * inv <= levels - 1 - z`, 0 outside (straight-through estimator: Bengio et al., "Estimating or
 * Propagating Gradients Through Stochastic Neurons", 2013; clipped as in Sher et al., Mathematics 2023, 11(9), 2112).
 */
export function straightThrough(x: tf.Tensor, range: QuantizationRange): tf.Tensor {
  const inverse = inverseScale(range.scale)
  const bounds = integerBounds(range)
  return customGradient(
    [x],
    (save) => {
      save([x])
      return tf.tidy(() => tf.mul(integerInput(x, { inverseScale: inverse, ...bounds }), range.scale))
    },
    (dy, [x]) => [tf.tidy(() => selectInside(tf.mul(x!, inverse), dy, bounds.minimum, bounds.maximum))],
  )
}
