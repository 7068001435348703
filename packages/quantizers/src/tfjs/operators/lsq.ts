import * as tf from '@tensorflow/tfjs'
import { learnedIntegers } from '../operations/learned-integers.js'
import { learnedStep, stepGradientFactor } from '../operations/learned-step.js'

/** The integers a quantizer has: `-zeroPoint` to `levels - 1 - zeroPoint`. A `QuantizationRange` is one. */
export interface Grid {
  readonly levels: number
  readonly zeroPoint: number
}

/**
 * Learned step size: `s * clamp(round(x / s), -Qn, Qp)`, `-Qn..Qp` the integers of the grid. `step` has one number; a negative
 * one counts as positive.
 *
 * Gradients, with `v = x / s`: `x`: `dy` where `-Qn <= v <= Qp`, else 0; `step`: the sum of `dy` times `round(v) - v` there,
 * `-Qn` below, `Qp` above, all times `gradientFactor`. Esser et al., "Learned Step Size Quantization", ICLR 2020, eq. 1..5; the
 * paper leaves the edges `v = -Qn` and `v = Qp` out, here as everywhere they belong to the inside.
 * @param gradientFactor `1 / sqrt(n * Qp)`, n the weights of a kernel, or the features of one image; where absent, n is the
 * size of `x`
 */
export function lsq(
  x: tf.Tensor,
  { levels, zeroPoint }: Grid,
  { step, gradientFactor }: { readonly step: tf.Tensor; readonly gradientFactor?: number },
): tf.Tensor {
  const bounds = { minimum: -zeroPoint, maximum: levels - 1 - zeroPoint }
  return tf.tidy(() => {
    const scale = learnedStep(step, gradientFactor ?? stepGradientFactor(x.size, bounds))
    return tf.mul(learnedIntegers(x, scale, bounds), scale)
  })
}
