import * as tf from '@tensorflow/tfjs'
import { composedClamp, selectInside } from '../operations/clamp.js'
import { customGradient } from '../operations/custom-gradient.js'

interface Levels {
  readonly levels: number
}

/**
 * DoReFa-Net's weights: `2 * q(t / (2 * max|t|) + 1/2) - 1` with `t = tanh(w)` and `q(y) = round(y * (levels - 1)) / (levels - 1)`;
 * values from -1 to 1. Zero comes back as zero only where the number of levels is odd.
 *
 * Gradient: that of `t / max|t|`, as if q were the identity. Zhou et al., "DoReFa-Net: Training Low Bitwidth Convolutional
 * Neural Networks with Low Bitwidth Gradients", 2016, eq. 5, 9, 10.
 */
export function dorefaWeights(w: tf.Tensor, { levels }: Levels): tf.Tensor {
  return customGradient(
    [w],
    (save) => {
      const [t, largest] = tf.tidy(() => {
        const t = tf.tanh(w)
        return [t, tf.max(tf.abs(t))]
      })
      save([t!, largest!])
      return tf.tidy(() => {
        const y = tf.add(tf.div(t!, tf.mul(largest!, 2)), 0.5)
        return tf.sub(tf.mul(roundToLevels(y, levels), 2), 1)
      })
    },
    (dy, [t, largest]) => [
      tf.tidy(() => {
        // y = t / m: dt is dy / m, and through m, at the elements that are largest, -sign(t) * sum(dy * t) / m^2.
        const atLargest = tf.cast(tf.equal(tf.abs(t!), largest!), 'float32')
        const share = tf.div(atLargest, tf.sum(atLargest))
        const throughLargest = tf.mul(tf.mul(tf.sign(t!), share), tf.div(tf.sum(tf.mul(dy, t!)), largest!))
        const dt = tf.div(tf.sub(dy, throughLargest), largest!)
        return tf.mul(dt, tf.sub(1, tf.mul(t!, t!)))
      }),
    ],
  )
}

/**
 * DoReFa-Net's activations: `q(clamp(x, 0, 1))` with `q(y) = round(y * (levels - 1)) / (levels - 1)`.
 *
 * Gradient: `dy` where `0 <= x <= 1`, else 0. Zhou et al., 2016, eq. 5, 6, 11.
 */
export function dorefaActivations(x: tf.Tensor, { levels }: Levels): tf.Tensor {
  return customGradient(
    [x],
    (save) => {
      save([x])
      return tf.tidy(() => roundToLevels(composedClamp(x, 0, 1), levels))
    },
    (dy, [x]) => [selectInside(x!, dy, 0, 1)],
  )
}

function roundToLevels(y: tf.Tensor, levels: number): tf.Tensor {
  return tf.div(tf.round(tf.mul(y, levels - 1)), levels - 1)
}
