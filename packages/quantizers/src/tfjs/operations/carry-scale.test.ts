import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { carryScale } from './carry-scale.js'
import { scaledConvolution } from './scaled-convolution.js'

const geometry = { padding: 'same', strides: [1, 1], dilations: [1, 1] } as const

onEachBackend((backend) => {
  // tfjs's own kernels cannot train convolutions on wasm.
  it.skipIf(backend === 'wasm').each([[[0.5]], [[0.5, 1, 0.25, 2]]])(
    'gives scales %j of a scaled convolution the gradient that a product with them has',
    (numbers) => {
      const x = tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 1)
      const filter = tf.randomNormal([3, 2, 3, 4], 0, 1, 'float32', 2)
      const bias = tf.randomNormal([4], 0, 1, 'float32', 3)
      const dy = tf.randomNormal([2, 5, 6, 4], 0, 1, 'float32', 4)
      const ours = tf.grads((filter, bias, scale) => {
        const constant = tf.broadcastTo(scale!, [4])
        const [carriedFilter, carriedBias] = [carryScale(filter!, scale!), carryScale(bias!, scale!)]
        return tf.sum(tf.mul(scaledConvolution(x, carriedFilter, carriedBias, constant, geometry), dy))
      })
      const theirs = tf.grads((filter, bias, scale) => {
        const sums = tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias!)
        return tf.sum(tf.mul(tf.mul(sums, scale!), dy))
      })
      const operands = [filter, bias, tf.tensor1d(numbers)]
      const expected = theirs(operands)
      ours(operands).forEach((gradient, i) => {
        expect(gradient.shape).toEqual(operands[i]!.shape)
        expect(largestDifference(gradient.dataSync(), expected[i]!.dataSync())).toBeLessThan(2e-4)
      })
    },
  )
})
