import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'

/**
 * Which elements of which weights are frozen while quantized neurons rest: those that are quantized. By the name of the
 * weight in this process; 1 where frozen.
 */
export function frozenWeights(model: tf.LayersModel): Map<string, Uint8Array> {
  const frozen = new Map<string, Uint8Array>()
  for (const { kernel, kernelMask, bias, biasMask } of quantizedLayers(model)) {
    frozen.set(kernel.name, flags(kernelMask))
    if (bias !== null && biasMask !== null) frozen.set(bias.name, flags(biasMask))
  }
  return frozen
}

function flags(mask: tf.LayerVariable): Uint8Array {
  return Uint8Array.from(mask.read().dataSync())
}
