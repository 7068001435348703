import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { softmaxCrossEntropy } from './softmax-cross-entropy.js'

onEachBackend(() => {
  const logits = () => tf.randomNormal([6, 4], 0, 2, 'float32', 1) as tf.Tensor2D
  const hard = () => tf.oneHot([0, 1, 2, 3, 0, 1], 4).toFloat() as tf.Tensor2D
  const soft = () => tf.softmax(tf.randomNormal([6, 4], 0, 1, 'float32', 2)) as tf.Tensor2D

  it('is the mean cross-entropy of hard and soft labels, as tf.losses has it', () => {
    for (const labels of [hard(), soft()]) {
      const expected = tf.losses.softmaxCrossEntropy(labels, logits()).dataSync()[0]!
      const actual = softmaxCrossEntropy(logits(), labels)
      expect(actual.shape).toEqual([])
      expect(actual.dataSync()[0]).toBeCloseTo(expected, 5)
    }
  })

  it('has the gradient that finite differences show, times that of what follows', () => {
    for (const labels of [hard(), soft()]) {
      const f = (t: tf.Tensor) => tf.mul(softmaxCrossEntropy(t as tf.Tensor2D, labels), 3)
      const gradient = tf.grad(f)(logits())
      expect(largestDifference(gradient.dataSync(), finiteDifferences(f, logits()))).toBeLessThan(1e-3)
    }
  })

  it('does not overflow, and shows NaN', () => {
    const labels = tf.tensor2d([0, 1], [1, 2])
    expect(softmaxCrossEntropy(tf.tensor2d([1000, 0], [1, 2]), labels).dataSync()[0]).toBe(1000)
    expect(softmaxCrossEntropy(tf.tensor2d([Number.NaN, 0], [1, 2]), labels).dataSync()[0]).toBeNaN()
  })
})
