import * as tf from '@tensorflow/tfjs'
import { ClampLayer } from './clamp-layer.js'

/** `min(max(x, 0), 6)`; gradient 1 on 0..6, 0 outside. Unlike `tf.layers.reLU({ maxValue: 6 })` it keeps NaN on wasm. */
export class Relu6 extends ClampLayer {
  static className = 'Relu6'
  readonly bounds = { minimum: 0, maximum: 6 }
}

tf.serialization.registerClass(Relu6)
