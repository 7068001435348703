import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { scaledProduct } from './scaled-product.js'

onEachBackend(() => {
  const x = () => tf.randomNormal([7, 5], 0, 1, 'float32', 1)
  const kernel = () => tf.randomNormal([5, 4], 0, 1, 'float32', 2)
  const bias = () => tf.randomNormal([4], 0, 1, 'float32', 3)
  const scale = () => tf.tensor1d([0.5, 1, 0.25, 2])
  const plain = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) =>
    tf.matMul(x, kernel).add(bias).mul<tf.Tensor>(scale())

  it('is (x @ kernel + bias) * scale, with the gradients of the plain operations', () => {
    const weights = tf.randomNormal([7, 4], 0, 1, 'float32', 4)
    const inputs = [x(), kernel(), bias()]
    const constant = scale()
    const ours = tf.valueAndGrads((x, kernel, bias) => tf.sum(scaledProduct(x!, kernel!, bias!, constant).mul(weights)))
    const theirs = tf.valueAndGrads((x, kernel, bias) => tf.sum(plain(x!, kernel!, bias!).mul(weights)))
    const actual = ours(inputs)
    const expected = theirs(inputs)
    expect(actual.value.dataSync()[0]).toBeCloseTo(expected.value.dataSync()[0]!, 4)
    actual.grads.forEach((gradient, i) => {
      expect(gradient.shape).toEqual(inputs[i]!.shape)
      expect(largestDifference(gradient.dataSync(), expected.grads[i]!.dataSync())).toBeLessThan(1e-5)
    })
  })
})
