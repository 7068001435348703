import type * as tf from '@tensorflow/tfjs'
import { ClampLayer } from './layers/clamp-layer.js'
import type { Bounds } from './operations/clamp.js'

/** What a layer clamps to, where that is all it does (ReLU, ReLU6, hardtanh in any form); otherwise `null`. */
export function boundsOfLayer(layer: tf.layers.Layer): Bounds | null {
  if (layer instanceof ClampLayer) return layer.bounds
  const { activation, maxValue } = layer.getConfig()
  switch (layer.getClassName()) {
    case 'ReLU':
      return typeof maxValue === 'number' ? { minimum: 0, maximum: maxValue } : { minimum: 0 }
    case 'Activation':
      if (activation === 'relu') return { minimum: 0 }
      if (activation === 'relu6') return { minimum: 0, maximum: 6 }
      return null
    default:
      return null
  }
}
