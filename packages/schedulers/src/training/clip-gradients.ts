import * as tf from '@tensorflow/tfjs'

/**
 * Gradients times min(1, maximum / norm), norm being the Euclidean norm of all of them together (Pascanu et al. 2013).
 * Call it inside tf.tidy().
 */
export function clipGradients(gradients: tf.NamedTensorMap, maximum: number): tf.NamedTensorMap {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)))
  const norm = tf.sqrt(tf.addN(squares))
  const factor = tf.div(maximum, tf.maximum(norm, maximum))
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]))
}
