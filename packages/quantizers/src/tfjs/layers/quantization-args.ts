import type * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange } from '../../range.js'
import { type Scheme, type TensorScheme, validateScheme } from '../../scheme.js'
import type { Bounds } from '../operations/clamp.js'

/**
 * How a layer's scales come about and what gradients they get: 'straightThrough', constants of the layer; 'lsq', trained
 * from there as `input_step` and `weight_step`.
 */
export type LayerQuantizer = 'straightThrough' | 'lsq'

/** What a quantized layer is given beside the arguments of the float layer; all of it goes through `getConfig`. */
export interface QuantizationArgs {
  /** What its input may become; 8 bits, affine where absent. */
  inputScheme?: TensorScheme | null
  /** What its kernel may become, per tensor or per filter (the last axis); 8 bits, affine where absent. */
  weightScheme?: Scheme | null
  /** The clamping activation that stood directly before the layer and is now part of it. */
  inputActivation?: Bounds | null
  /** 'straightThrough' where absent. */
  quantizer?: LayerQuantizer | null
  /** `null`: the input is float. */
  inputRange?: QuantizationRange | null
  /** `null`: all weights are float. Which of them are quantized otherwise, the masks say. */
  weightRange?: QuantizationRange | ChannelRange | null
  /** 0..1; 1, quantized as integers are, where absent. */
  strength?: number | null
}

/** Checked: a scheme per tensor. */
export function tensorScheme(scheme: Scheme): TensorScheme {
  const { axis, ...rest } = validateScheme(scheme)
  if (axis !== undefined) {
    throw new QuantizerError('AXIS', `inputScheme has axis ${axis}, expected a scheme without: inputs have one scale`)
  }
  return rest
}

/** Checked: 'straightThrough' where nothing is given. */
export function quantizerOf(quantizer: LayerQuantizer | null | undefined): LayerQuantizer {
  const chosen = quantizer ?? 'straightThrough'
  if (chosen !== 'straightThrough' && chosen !== 'lsq') {
    throw new QuantizerError('OPTION', `quantizer is ${chosen}, expected straightThrough or lsq`)
  }
  return chosen
}

/** Checked: an interval that holds 0, as JSON may have changed it. */
export function boundsOf(bounds: Bounds | null | undefined): Bounds | null {
  if (bounds === null || bounds === undefined) return null
  const { minimum, maximum } = bounds
  if (!(minimum <= 0 && (maximum ?? 0) >= 0)) {
    throw new QuantizerError('OPTION', `inputActivation is ${minimum}..${maximum}, expected an interval that holds 0`)
  }
  // JSON writes an absent maximum as null.
  return typeof maximum === 'number' ? { minimum, maximum } : { minimum }
}

/** Checked: 0..1, and 1 where nothing is given. */
export function strengthOf(strength: number | null | undefined): number {
  const given = strength ?? 1
  if (!(given >= 0 && given <= 1)) throw new QuantizerError('OPTION', `strength is ${given}, expected 0..1`)
  return given
}

/** A range as `getConfig` has it. */
export function rangeConfig(range: QuantizationRange | ChannelRange | null): tf.serialization.ConfigDict | null {
  if (range === null) return null
  return isChannelRange(range) ? { ...range, scale: [...range.scale], zeroPoint: [...range.zeroPoint] } : { ...range }
}
