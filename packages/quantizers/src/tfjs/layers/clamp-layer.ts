import * as tf from '@tensorflow/tfjs'
import { type Bounds, clamp } from '../operations/clamp.js'

/** A layer that clamps its input to fixed bounds. NaN stays NaN on every backend. */
export abstract class ClampLayer extends tf.layers.Layer {
  abstract readonly bounds: Bounds
  override supportsMasking = true

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => clamp(Array.isArray(inputs) ? inputs[0]! : inputs, this.bounds))
  }
}
