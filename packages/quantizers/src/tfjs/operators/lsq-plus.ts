import * as tf from '@tensorflow/tfjs'
import { stepGradientFactor } from '../operations/learned-step.js'
import { scaleGradient } from '../operations/scale-gradient.js'
import { type Grid, lsq } from './lsq.js'

/**
 * LSQ with a learned offset: `s * clamp(round((x - offset) / s), -Qn, Qp) + offset`, for activations that are negative a
 * little way (Swish, h-swish). `step` and `offset` have one number each. Zero need not come back as zero.
 *
 * Gradients, with `v = (x - offset) / s`: `x` and `step` as LSQ's; `offset`: the sum of `dy` where v is outside
 * `-Qn..Qp`, times the same factor. Bhalgat et al., "LSQ+: Improving low-bit quantization through learnable offsets and better
 * initialization", CVPR Workshops 2020, eq. 1..5.
 */
export function lsqPlus(
  x: tf.Tensor,
  grid: Grid,
  parameters: { readonly step: tf.Tensor; readonly offset: tf.Tensor; readonly gradientFactor?: number },
): tf.Tensor {
  const { step, offset } = parameters
  const bounds = { minimum: -grid.zeroPoint, maximum: grid.levels - 1 - grid.zeroPoint }
  const gradientFactor = parameters.gradientFactor ?? stepGradientFactor(x.size, bounds)
  return tf.tidy(() => {
    const learnedOffset = scaleGradient(offset, gradientFactor)
    return tf.add(lsq(tf.sub(x, learnedOffset), grid, { step, gradientFactor }), learnedOffset)
  })
}
