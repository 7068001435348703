import * as tf from '@tensorflow/tfjs'
import { smallestScale } from '../../arithmetic.js'
import { type ChannelRange, isChannelRange, type QuantizationRange } from '../../range.js'
import { carryScale } from '../operations/carry-scale.js'
import { learnedFilters, learnedIntegers } from '../operations/learned-integers.js'
import { learnedStep, stepGradientFactor } from '../operations/learned-step.js'
import { activated, type LayerOperands, type LayerState, partly } from './layer-operands.js'

/** The trained scales of a layer with quantizer 'lsq': [1] for its input; [1] or [filters] for its kernel. */
export interface LearnedSteps {
  readonly input: tf.LayerVariable
  readonly weights: tf.LayerVariable
}

/** What the steps are steps of: ranges whose scales are those from before training. */
export interface InitialRanges {
  readonly inputRange: QuantizationRange | null
  readonly weightRange: QuantizationRange | ChannelRange | null
}

/** The scales of a range become steps to be trained. */
export function writeSteps(step: tf.LayerVariable, range: QuantizationRange | ChannelRange): void {
  tf.tidy(() => {
    step.write(tf.tensor1d([range.scale].flat()))
  })
}

/** The range with the scales that the steps have now. */
export function trainedRange<R extends QuantizationRange | ChannelRange>(step: tf.LayerVariable, range: R): R {
  const scales = Array.from(step.read().dataSync<'float32'>(), (value) => Math.max(Math.abs(value), smallestScale))
  return { ...range, scale: isChannelRange(range) ? scales : scales[0] }
}

/**
 * The operands with trained scales: the same numbers as `layerOperands` gives for ranges of these scales, with gradients for
 * the steps as LSQ has them (Esser et al., ICLR 2020): factor `1 / sqrt(n * Qp)`, n the features of one input or the weights
 * that share a step. A bias's rounding takes part in the gradient of both steps.
 */
export function learnedOperands(
  { x, kernel, kernelMask, bias, biasMask, constants, strength }: LayerState,
  steps: LearnedSteps,
  { inputRange, weightRange }: InitialRanges,
): LayerOperands {
  const { inputActivation, filters, biases, roundsBias, zeros } = constants
  const input = activated(x, inputActivation)
  const one = tf.ones([1])
  let a = input
  let inputScale: tf.Tensor = one
  if (inputRange !== null) {
    const bounds = integersOf(inputRange)
    inputScale = learnedStep(steps.input.read(), stepGradientFactor(x.size / x.shape[0]!, bounds))
    a = partly(strength, learnedIntegers(input, inputScale, bounds), () => tf.div(input, inputScale))
  }
  let integers = kernel
  let weightScale: tf.Tensor = one
  if (weightRange !== null && filters !== null) {
    const step = steps.weights.read()
    weightScale = learnedStep(step, stepGradientFactor(kernel.size / step.size, integersOf(weightRange)))
    integers = partly(strength, learnedFilters(kernel, weightScale, kernelMask, filters), () =>
      tf.div(kernel, weightScale),
    )
  }
  const combined = tf.mul(inputScale, weightScale)
  return {
    a,
    kernel: carryScale(integers, combined),
    bias:
      bias === null
        ? zeros
        : carryScale(
            partly(strength, learnedFilters(bias, combined, roundsBias ? biasMask! : zeros, biases), () =>
              tf.div(bias, combined),
            ),
            combined,
          ),
    scale: tf.broadcastTo(combined, zeros.shape),
  }
}

/** From the smallest to the largest integer that any channel has. */
function integersOf({ levels, zeroPoint }: QuantizationRange | ChannelRange): { minimum: number; maximum: number } {
  const zeroPoints = [zeroPoint].flat()
  return { minimum: -Math.max(...zeroPoints), maximum: levels - 1 - Math.min(...zeroPoints) }
}
