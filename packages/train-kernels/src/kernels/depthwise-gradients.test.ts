import * as tf from '@tensorflow/tfjs'
import { describe, it } from 'vitest'
import { integers } from '../../test/backends.js'
import { expectSameAsCpu } from '../../test/expect-same-as-cpu.js'

describe('gradients of a depthwise convolution', () => {
  const cases = [
    [1, 1, 3, 1, 'valid'],
    [4, 1, 3, 1, 'same'],
    [10, 1, 2, 2, 'valid'],
    [6, 3, 3, 2, 'same'],
    [64, 1, 5, 1, 'same'],
    [3, 2, 1, 2, 'valid'],
  ] as const
  it.each(cases)(
    '%d channels, %d kernels each of side %d, stride %d, %s',
    async (channels, multiplier, side, stride, pad) => {
      await expectSameAsCpu(() => {
        const x = tf.tensor4d(integers(3 * 8 * 7 * channels, 1), [3, 8, 7, channels])
        const shape: [number, number, number, number] = [side, side, channels, multiplier]
        const filter = tf.tensor4d(integers(tf.util.sizeFromShape(shape), 2), shape)
        const convolve = (...[a, f]: tf.Tensor[]) => tf.depthwiseConv2d(a as tf.Tensor4D, f as tf.Tensor4D, stride, pad)
        const y = convolve(x, filter)
        return tf.grads(convolve)([x, filter], tf.tensor(integers(y.size, 3), y.shape))
      })
    },
  )
})
