import * as tf from '@tensorflow/tfjs'
import { tanhApproximation } from '../operations/tanh-approximation.js'

/** tanh with the same bits on every backend and in the integer runtime: see `tanhApproximation`. Gradient 1 - y * y. */
export class Tanh extends tf.layers.Layer {
  static className = 'Tanh'
  override supportsMasking = true

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tanhApproximation(Array.isArray(inputs) ? inputs[0]! : inputs))
  }
}

tf.serialization.registerClass(Tanh)
