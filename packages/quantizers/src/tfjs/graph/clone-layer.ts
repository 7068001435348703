import type * as tf from '@tensorflow/tfjs'

/** A fresh layer of the same class and name, with the same configuration but for these changes; without weights yet. */
export function cloneLayer(layer: tf.layers.Layer, changes: tf.serialization.ConfigDict = {}): tf.layers.Layer {
  const layerClass = layer.constructor as tf.serialization.SerializableConstructor<tf.layers.Layer>
  return layerClass.fromConfig(layerClass, { ...layer.getConfig(), ...changes })
}
