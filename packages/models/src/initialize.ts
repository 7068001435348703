import * as tf from '@tensorflow/tfjs'
import { ModelError } from './model-error.js'
import { seededUniform } from './seeded-uniform.js'

/** From the number of inputs of one filter to the largest weight. */
export type Bound = (fanIn: number) => number

/** 1 / sqrt(fan_in): what PyTorch's `Conv2d` and `Linear` start with, kernels and biases. */
export const pytorchBound: Bound = (fanIn) => 1 / Math.sqrt(fanIn)

/** sqrt(6 / fan_in): variance 2 / fan_in, which keeps a relu network's signal (He et al. 2015, arXiv:1502.01852). */
export const heBound: Bound = (fanIn) => Math.sqrt(6 / fanIn)

/**
 * Draws every kernel uniformly from [-bound(fan_in), bound(fan_in)) and every bias from PyTorch's [-1/sqrt(fan_in), 1/sqrt(fan_in)).
 * Batch norms keep what they start with. The same seed gives the same bits, whatever tfjs backend or engine runs.
 *
 * @param seed whole number from 0 to 2^53 - 1
 */
export function initialize(model: tf.LayersModel, seed: number, bound: Bound): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ModelError('OPTION', `initialize() seed is ${seed}; expected a whole number from 0 to 2^53 - 1`)
  }
  for (const layer of model.layers) {
    const kernelShape = layer.weights.find((weight) => weight.originalName.endsWith('/kernel'))?.shape
    if (kernelShape === undefined) continue
    const fanIn = kernelShape.slice(0, -1).reduce<number>((product, size) => product * size!, 1)
    tf.tidy(() => {
      layer.setWeights(
        layer.weights.map(({ originalName, shape }) => {
          const limit = originalName.endsWith('/kernel') ? bound(fanIn) : pytorchBound(fanIn)
          const sizes = shape.map((size) => size!)
          return tf.tensor(seededUniform(tf.util.sizeFromShape(sizes), limit, seed, originalName), sizes)
        }),
      )
    })
  }
}
