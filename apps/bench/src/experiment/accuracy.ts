import type { Split } from '@lowbit/datasets'
import * as tf from '@tensorflow/tfjs'
import { indexOfLargest } from '../index-of-largest.js'

/** Fraction of a split's images whose largest logit is that of their class; the first wins where two are equal. */
export function accuracyOn(split: Split, model: tf.LayersModel): number {
  let right = 0
  for (const { images, labels, size } of split.inOrder({ size: 250 })) {
    const logits = tf.tidy(() => {
      const input = tf.tensor4d(images, [size, ...split.shape])
      return (model.predictOnBatch(input) as tf.Tensor2D).dataSync<'float32'>()
    })
    const classes = logits.length / size
    for (let i = 0; i < size; i++)
      if (indexOfLargest(logits.subarray(i * classes, (i + 1) * classes)) === labels[i]) right++
  }
  return right / split.size
}
