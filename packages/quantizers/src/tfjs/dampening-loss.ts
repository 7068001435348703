import * as tf from '@tensorflow/tfjs'
import type { QuantizedLayer } from './layers/quantized-layer.js'
import { composedClamp } from './operations/clamp.js'
import { customGradient } from './operations/custom-gradient.js'

/**
 * How far a layer's quantized weights are from the levels that they are rounded to (Nagel et al. 2022, "Overcoming
 * Oscillations in Quantization-Aware Training", section 4.1), a scalar in squared units of the weights:
 * `sum (w^ - clamp(w, s n, s p))^2` over the quantized weights, w^ = s clamp(round(w / s), n, p) and s counting as constants.
 * It pulls weights to the middle of their bins, so that fewer go back and forth over a border. 0 while all weights are float.
 *
 * Gradient: `2 (w - w^)` where a weight is quantized and inside its range, 0 elsewhere; none for trained steps.
 */
export function dampeningLoss(layer: QuantizedLayer): tf.Scalar {
  return customGradient(
    [layer.kernel.read()],
    (save) => {
      const distance = tf.tidy(() => distanceToLevels(layer))
      save([distance])
      return tf.tidy(() => tf.sum(tf.square(distance)))
    },
    (dy, [distance]) => [tf.tidy(() => tf.mul(distance!, tf.mul(dy, 2)))],
  ) as tf.Scalar
}

function distanceToLevels(layer: QuantizedLayer): tf.Tensor {
  const kernel = layer.kernel.read()
  const known = layer.kernelIntegers()
  if (known === null) return tf.zerosLike(kernel)
  const { integers, intervals } = known
  const clamped = composedClamp(tf.mul(kernel, intervals.inverseScale), intervals.minimum, intervals.maximum)
  return tf.div(tf.mul(tf.sub(clamped, integers), layer.kernelMask.read()), intervals.inverseScale)
}
