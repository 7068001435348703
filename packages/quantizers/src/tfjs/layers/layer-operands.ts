import type * as tf from '@tensorflow/tfjs'
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
}

/** What is convolved or multiplied: `(a * kernel + bias) * scale`. */
export interface LayerOperands {
  readonly a: tf.Tensor
  readonly kernel: tf.Tensor
  readonly bias: tf.Tensor
  readonly scale: tf.Tensor
}

/** The operands with scales that are constants of the layer: see `QuantizedLayer` for the formulas. */
export function layerOperands({ x, kernel, kernelMask, bias, biasMask, constants }: LayerState): LayerOperands {
  const { inputActivation, input, filters, biases, roundsBias, zeros, scale } = constants
  return {
    a: input === null ? activated(x, inputActivation) : integerInput(x, input),
    kernel: filters === null ? kernel : integerFilters(kernel, kernelMask, filters),
    bias: bias === null ? zeros : integerFilters(bias, roundsBias ? biasMask! : zeros, biases),
    scale,
  }
}

/** The input as its quantizer finds it: after the activation that the layer took in. */
export function activated(x: tf.Tensor, activation: LayerConstants['inputActivation']): tf.Tensor {
  return activation === null ? x : clamp(x, activation)
}
