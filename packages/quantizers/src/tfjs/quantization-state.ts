import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../quantizer-error.js'
import type { ChannelRange, QuantizationRange } from '../range.js'
import type { QuantizedLayer } from './layers/quantized-layer.js'

/** Quantizes a layer's input with this range, or with another one than before. */
export function quantizeInput(layer: QuantizedLayer, range: QuantizationRange): void {
  layer.setInputRange(range)
}

/**
 * Quantizes filters `from` to below `to` with their biases, beside those that are quantized already. The range is that of
 * the whole layer: it replaces the one that earlier filters had.
 * @throws QuantizerError LAYER where the layer has no such filters
 */
export function quantizeFilters(
  layer: QuantizedLayer,
  { from, to }: { readonly from: number; readonly to: number },
  range: QuantizationRange | ChannelRange,
): void {
  const { filters } = layer
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= filters)) {
    throw new QuantizerError(
      'LAYER',
      `quantizeFilters(): filters ${from} to ${to} of ${layer.name}, expected from <= to within 0 to ${filters}`,
    )
  }
  layer.setWeightRange(range)
  tf.tidy(() => {
    const chosen = tf.tensor1d(Float32Array.from({ length: filters }, (_, i) => (from <= i && i < to ? 1 : 0)))
    layer.kernelMask.write(tf.maximum(layer.kernelMask.read(), chosen))
    layer.biasMask?.write(tf.maximum(layer.biasMask.read(), chosen))
  })
}

/**
 * Quantizes exactly the weights that `mask` (0 or 1, in the kernel's order) names; a bias is quantized where all weights
 * of its filter are. The range is that of the whole layer.
 * @throws QuantizerError LAYER where the mask has another length than the kernel, or other numbers than 0 and 1
 */
export function quantizeWeights(
  layer: QuantizedLayer,
  mask: ArrayLike<number>,
  range: QuantizationRange | ChannelRange,
): void {
  const shape = layer.kernel.shape as number[]
  const { filters, weightsPerFilter } = layer
  if (mask.length !== filters * weightsPerFilter) {
    throw new QuantizerError(
      'LAYER',
      `quantizeWeights(): a mask of ${mask.length} for ${layer.name}, expected ${filters * weightsPerFilter}`,
    )
  }
  const quantized = new Float32Array(filters).fill(1)
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 0 && mask[i] !== 1) {
      throw new QuantizerError('LAYER', `quantizeWeights(): mask ${i} is ${mask[i]} for ${layer.name}, expected 0 or 1`)
    }
    if (mask[i] === 0) quantized[i % filters] = 0
  }
  layer.setWeightRange(range)
  tf.tidy(() => {
    layer.kernelMask.write(tf.tensor(Float32Array.from(mask), shape))
    layer.biasMask?.write(tf.tensor1d(quantized))
  })
}

/** Makes a layer's input, weights and biases float again. */
export function releaseQuantization(layer: QuantizedLayer): void {
  layer.setInputRange(null)
  layer.setWeightRange(null)
  tf.tidy(() => {
    layer.kernelMask.write(tf.zerosLike(layer.kernelMask.read()))
    layer.biasMask?.write(tf.zerosLike(layer.biasMask.read()))
  })
}
