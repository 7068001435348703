import * as tf from '@tensorflow/tfjs'
import { seededUniform } from '../src/seeded-uniform.js'

/** Gives the batch norms of a fresh network statistics and factors as if it had been trained: none of them 0 or 1. */
export function randomizeBatchNorms(model: tf.LayersModel, seed: number): tf.LayersModel {
  for (const layer of model.layers) {
    if (layer.getClassName() !== 'BatchNormalization') continue
    tf.tidy(() => {
      layer.setWeights(
        layer.weights.map(({ originalName, shape }) => {
          const values = seededUniform(shape[0]!, 0.25, seed, originalName)
          const middle = /gamma|variance/.test(originalName) ? 0.5 : 0
          return tf.tensor1d(values.map((value) => middle + value))
        }),
      )
    })
  }
  return model
}

/** Images of uniform noise with a gradient of brightness, f32 in 0..1. */
export function randomImages(
  count: number,
  [height, width, channels]: readonly [number, number, number],
  seed: number,
) {
  const size = height * width * channels
  const noise = seededUniform(count * size, 0.25, seed, 'images')
  const values = noise.map((value, i) => 0.25 + value + (0.5 * (i % size)) / size)
  return tf.tensor4d(values, [count, height, width, channels])
}
