import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesWithKernels } from '../../test/backends.js'
import { askForMoments } from './known-moments.js'

type Shape = [batch: number, height: number, width: number, channels: number]

/** A convolution and the batch norm of what it gives, seen as `channels` channels; three times, as in three steps. */
function steps([batch, height, width, channels]: Shape, filters: number, normalized: number[]): tf.Tensor[] {
  const filter = tf.tensor4d(floats(9 * channels * filters, 2), [3, 3, channels, filters])
  const last = normalized.at(-1)!
  const [gamma, beta] = [tf.tensor1d(floats(last, 3)), tf.tensor1d(floats(last, 4))]
  return [5, 6, 7].flatMap((seed) => {
    const image = tf.tensor4d(floats(batch * height * width * channels, seed), [batch, height, width, channels])
    const x = tf.reshape(tf.conv2d(image, filter, 1, 'same'), normalized)
    const averages = { movingMean: tf.zeros([last]), movingVariance: tf.ones([last]) }
    const attrs = { epsilon: 1e-3, momentum: 0.9 }
    const normalize = (x: tf.Tensor) =>
      tf.engine().runKernel<tf.Tensor[]>('LowbitBatchNorm', { x, gamma, beta, ...averages }, attrs)
    // A copy of the values is a tensor that no convolution made.
    return [...normalize(x), ...normalize(tf.add(x, 0))]
  })
}

describe('moments gathered while a convolution writes', () => {
  it.each<[Shape, number, number[]]>([
    [[7, 32, 32, 4], 16, [7, 32, 32, 16]],
    [[40, 9, 7, 8], 12, [40, 9, 7, 12]],
    [[9, 5, 5, 3], 5, [9, 5, 5, 5]],
    [[3, 6, 6, 4], 8, [3, 288]],
  ])('are those of a pass of their own, to the bit: %j to %d channels, normalized as %j', async (...given) => {
    for (const path of paths) {
      const values = await valuesWithKernels(path, () => steps(...given))
      for (let step = 0; step < values.length; step += 10)
        expect(values.slice(step, step + 5)).toEqual(values.slice(step + 5, step + 10))
    }
  })

  it('are gathered once they were asked for, and only of the channels that there are', async () => {
    const [before, asked, after, flat] = await valuesWithKernels(paths[0]!, () => {
      const image = tf.tensor4d(floats(2 * 8 * 8 * 3, 1), [2, 8, 8, 3])
      const filter = tf.tensor4d(floats(9 * 3 * 7, 2), [3, 3, 3, 7])
      const convolve = () => tf.conv2d(image, filter, 1, 'same')
      const count = (x: tf.Tensor) => tf.scalar(askForMoments(x)?.mean.length ?? 0)
      return [count(convolve()), count(convolve()), count(convolve()), count(tf.reshape(convolve(), [2, 448]))]
    })
    expect([before, asked, after, flat]).toEqual([[0], [7], [7], [0]])
  })
})
