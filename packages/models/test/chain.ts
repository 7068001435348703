import * as tf from '@tensorflow/tfjs'
import { seededUniform } from '../src/seeded-uniform.js'

/** Layers one after the other on images of 9x7x3, their weights and biases uniform in -0.5..0.5. */
export function chain(...layers: tf.layers.Layer[]): tf.LayersModel {
  const image = tf.input({ shape: [9, 7, 3], name: 'image' })
  const output = layers.reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, image)
  const model = tf.model({ inputs: image, outputs: output })
  for (const weight of model.weights) {
    const shape = weight.shape.map((size) => size!)
    weight.write(tf.tensor(seededUniform(tf.util.sizeFromShape(shape), 0.5, 3, weight.originalName), shape))
  }
  return model
}
