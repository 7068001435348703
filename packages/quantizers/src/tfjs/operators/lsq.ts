import * as tf from '@tensorflow/tfjs'
import { learnedIntegers } from '../operations/learned-integers.js'
import { learnedStep, stepGradientFactor } from '../operations/learned-step.js'

/** The integers a quantizer has: `-zeroPoint` to `levels - 1 - zeroPoint`. A `QuantizationRange` is one. */
export interface Grid {
  readonly levels: number
  readonly zeroPoint: number
}

/**
 * Learned step size: `s * clamp(round(x / s), -Qn, Qp)`, `-Qn..Qp` the integers of the grid. `step` has one number, or one
 * for each index of the last axis; a negative one counts as positive.
 *
 * Gradients, with `v = x / s`: `x`: `dy` where `-Qn < v < Qp`, else 0; `step`: the sum of `dy` times `round(v) - v` inside,
 * `-Qn` below, `Qp` above, all times `gradientFactor`. Esser et al., "Learned Step Size Quantization", ICLR 2020, eq. 1..5.
 * @param gradientFactor `1 / sqrt(n * Qp)`, n the numbers that share a step: all of a kernel, or an input's features of one
 * image. Where absent, n is what `x` has for each step.
 */
export function lsq(
  x: tf.Tensor,
  { levels, zeroPoint }: Grid,
  { step, gradientFactor }: { readonly step: tf.Tensor; readonly gradientFactor?: number },
): tf.Tensor {
  const bounds = { minimum: -zeroPoint, maximum: levels - 1 - zeroPoint }
  return tf.tidy(() => {
    const scale = learnedStep(step, gradientFactor ?? stepGradientFactor(x.size / step.size, bounds))
    return tf.mul(learnedIntegers(x, scale, bounds), scale)
  })
}
