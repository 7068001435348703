import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { dorefaWeights } from './dorefa.js'

onEachBackend(() => {
  const w = () => tf.tensor2d([0.3, -0.7, 1.2, 0.1, -0.4, 0.9], [2, 3])

  it('gives weights as the paper defines them', () => {
    const tanh = [...w().dataSync()].map(Math.tanh)
    const largest = Math.max(...tanh.map(Math.abs))
    for (const levels of [4, 8, 25]) {
      const expected = tanh.map((t) => (2 * Math.round((t / (2 * largest) + 0.5) * (levels - 1))) / (levels - 1) - 1)
      expect(largestDifference(dorefaWeights(w(), { levels }).dataSync(), expected)).toBeLessThan(1e-6)
    }
  })

  it('has the gradient of tanh(w) / max|tanh(w)|, through the largest weight too', () => {
    const dy = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
    const smooth = (w: tf.Tensor) => {
      const t = tf.tanh(w)
      return tf.sum(tf.mul(tf.div(t, tf.max(tf.abs(t))), dy))
    }
    const gradient = tf.grad((w) => tf.sum(tf.mul(dorefaWeights(w, { levels: 8 }), dy)))(w())
    expect(largestDifference(gradient.dataSync(), finiteDifferences(smooth, w()))).toBeLessThan(5e-3)
  })
})
