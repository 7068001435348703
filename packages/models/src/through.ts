import type * as tf from '@tensorflow/tfjs'

/** A symbolic tensor sent through one-input layers, first to last. */
export function through(x: tf.SymbolicTensor, ...layers: readonly tf.layers.Layer[]): tf.SymbolicTensor {
  return layers.reduce((input, layer) => layer.apply(input) as tf.SymbolicTensor, x)
}
