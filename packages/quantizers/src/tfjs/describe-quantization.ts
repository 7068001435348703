import type * as tf from '@tensorflow/tfjs'
import type { ChannelRange, QuantizationRange } from '../range.js'
import { quantizedLayers } from './quantized-layers.js'

/** How far one layer is quantized. Plain data. */
export interface LayerQuantization {
  readonly name: string
  readonly filters: number
  readonly weightsPerFilter: number
  readonly inputLevels: number
  readonly weightLevels: number
  /** `null` while the input is float. */
  readonly inputRange: QuantizationRange | null
  /** `null` while all weights are float. */
  readonly weightRange: QuantizationRange | ChannelRange | null
  /** How many of `filters * weightsPerFilter` weights are quantized. */
  readonly quantizedWeights: number
  /** How many biases are quantized. */
  readonly quantizedBiases: number
}

/** One row for each layer that can be quantized, in forward order. */
export function describeQuantization(model: tf.LayersModel): LayerQuantization[] {
  return quantizedLayers(model).map((layer) => ({
    name: layer.name,
    filters: layer.filters,
    weightsPerFilter: layer.weightsPerFilter,
    inputLevels: layer.inputScheme.levels,
    weightLevels: layer.weightScheme.levels,
    inputRange: layer.inputRange,
    weightRange: layer.weightRange,
    quantizedWeights: layer.weightRange === null ? 0 : ones(layer.kernelMask),
    quantizedBiases: layer.inputRange === null || layer.biasMask === null ? 0 : ones(layer.biasMask),
  }))
}

function ones(mask: tf.LayerVariable): number {
  return mask
    .read()
    .dataSync<'float32'>()
    .reduce((sum, flag) => sum + flag, 0)
}
