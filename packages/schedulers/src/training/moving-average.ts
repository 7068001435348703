import * as tf from '@tensorflow/tfjs'

/** The average so far and the newest value, which counts for `share` of it. */
export function movingAverage(average: tf.Tensor, value: tf.Tensor, share: number): tf.Tensor {
  return tf.add(tf.mul(average, 1 - share), tf.mul(value, share))
}
