import * as tf from '@tensorflow/tfjs'
import { ClampLayer } from './clamp-layer.js'

/** `min(max(x, -1), 1)`; gradient 1 on -1..1, 0 outside. */
export class HardTanh extends ClampLayer {
  static className = 'HardTanh'
  readonly bounds = { minimum: -1, maximum: 1 }
}

tf.serialization.registerClass(HardTanh)
