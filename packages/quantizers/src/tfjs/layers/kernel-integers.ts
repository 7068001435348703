import * as tf from '@tensorflow/tfjs'
import { type FilterIntervals, filtersOf } from '../operations/integer-filters.js'
import { scaleOfStep } from '../operations/learned-step.js'
import type { LearnedSteps } from './learned-steps.js'

/** A kernel in units of its scale; without gradients. */
export interface KernelIntegers {
  /** `mask ? clamp(round(w * inverseScale), minimum, maximum) : w * inverseScale`, of the kernel's shape. */
  readonly integers: tf.Tensor
  /** [filters]: 1 / scale and the integers' bounds. */
  readonly intervals: FilterIntervals
}

/** The integers for these constants, or with the scales that are trained in the place of theirs. */
export function kernelIntegers(
  kernel: tf.Tensor,
  mask: tf.Tensor,
  constants: FilterIntervals,
  steps: LearnedSteps | null,
): KernelIntegers {
  const { minimum, maximum } = constants
  const inverseScale =
    steps === null
      ? constants.inverseScale
      : tf.broadcastTo(tf.div(1, scaleOfStep(steps.weights.read())), minimum.shape)
  const intervals = { inverseScale, minimum, maximum }
  return { integers: filtersOf(kernel, mask, intervals), intervals }
}
