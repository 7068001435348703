import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'

/**
 * Which elements of which weights are frozen while quantized neurons rest: those that are quantized, and the trained scales
 * ('lsq') that they depend on. By the name of the weight in this process; 1 where frozen.
 *
 * @param valuesOf what a mask holds; what it holds in the model where absent
 */
export function frozenWeights(model: tf.LayersModel, valuesOf: ValuesOf = presentValues): Map<string, Uint8Array> {
  const flags = (mask: tf.LayerVariable) => Uint8Array.from(valuesOf(mask))
  const frozen = new Map<string, Uint8Array>()
  for (const { kernel, kernelMask, bias, biasMask, learnedSteps } of quantizedLayers(model)) {
    const mask = flags(kernelMask)
    frozen.set(kernel.name, mask)
    if (bias !== null && biasMask !== null) frozen.set(bias.name, flags(biasMask))
    if (learnedSteps === null) continue
    for (const step of [learnedSteps.input, learnedSteps.weights]) frozen.set(step.name, sharedBy(mask, step.shape[0]!))
  }
  return frozen
}

export type ValuesOf = (weight: tf.LayerVariable) => ArrayLike<number>

const presentValues: ValuesOf = (weight) => weight.read().dataSync()

/** 1 for each of `count` scales that any quantized weight has: filters are on the last axis. */
function sharedBy(mask: Uint8Array, count: number): Uint8Array {
  const shared = new Uint8Array(count)
  mask.forEach((flag, i) => {
    if (flag === 1) shared[i % count] = 1
  })
  return shared
}
