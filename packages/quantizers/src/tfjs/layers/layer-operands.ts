import * as tf from '@tensorflow/tfjs'
import { clamp } from '../operations/clamp.js'
import { integerFilters } from '../operations/integer-filters.js'
import { integerInput } from '../operations/integer-input.js'
import type { LayerConstants } from './layer-constants.js'

/** What a layer is made of at one step. */
export interface LayerState {
  /** The input, before the activation that the layer took in. */
  readonly x: tf.Tensor
  readonly kernel: tf.Tensor
  readonly kernelMask: tf.Tensor
  /** `null` where the layer has none. */
  readonly bias: tf.Tensor | null
  readonly biasMask: tf.Tensor | null
  readonly constants: LayerConstants
  /** How much of the quantization is in effect, 0..1. */
  readonly strength: number
}

/** What is convolved or multiplied: `(a * kernel + bias) * scale`. */
export interface LayerOperands {
  readonly a: tf.Tensor
  readonly kernel: tf.Tensor
  readonly bias: tf.Tensor
  readonly scale: tf.Tensor
}

/** The operands with scales that are constants of the layer: see `QuantizedLayer` for the formulas. */
export function layerOperands(state: LayerState): LayerOperands {
  const { x, kernel, kernelMask, bias, biasMask, constants, strength } = state
  const { inputActivation, input, filters, biases, roundsBias, zeros, scale } = constants
  const activation = () => activated(x, inputActivation)
  return {
    a:
      input === null
        ? activation()
        : partly(strength, integerInput(x, input), () => tf.mul(activation(), input.inverseScale)),
    kernel:
      filters === null
        ? kernel
        : partly(strength, integerFilters(kernel, kernelMask, filters), () => tf.mul(kernel, filters.inverseScale)),
    bias:
      bias === null
        ? zeros
        : partly(strength, integerFilters(bias, roundsBias ? biasMask! : zeros, biases), () =>
            tf.mul(bias, biases.inverseScale),
          ),
    scale,
  }
}

/** Integers at full strength; below it a mixture with the numbers that they came of. */
export function partly(strength: number, integers: tf.Tensor, numbers: () => tf.Tensor): tf.Tensor {
  return strength === 1 ? integers : tf.add(tf.mul(integers, strength), tf.mul(numbers(), 1 - strength))
}

/** The input as its quantizer finds it: after the activation that the layer took in. */
export function activated(x: tf.Tensor, activation: LayerConstants['inputActivation']): tf.Tensor {
  return activation === null ? x : clamp(x, activation)
}
