import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { pact } from './pact.js'

onEachBackend(() => {
  it('gives alpha the gradient of what it clips, and x that of the rest, edges as in the paper', () => {
    const values = [-1, 0, 0.7, 1.5, 2]
    const dy = [1, 10, 100, 1000, 2000]
    const f = (x: tf.Tensor, alpha: tf.Tensor) => tf.sum(tf.mul(pact(x, { levels: 16 }, { alpha }), dy))
    const [dx, dalpha] = tf.grads((x, alpha) => f(x!, alpha!))([tf.tensor1d(values), tf.tensor1d([1.5])])
    expect(largestDifference(dx!.dataSync(), [0, 10, 100, 0, 0])).toBe(0)
    expect([...dalpha!.dataSync()]).toEqual([3000])
  })
})
