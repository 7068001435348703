import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { separateGradients } from './custom-gradient.js'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('separateGradients()', () => {
  const gradients = [
    vi.fn((dy: tf.Tensor, [, b]: tf.Tensor[]) => tf.mul<tf.Tensor>(dy, b!)),
    vi.fn((dy: tf.Tensor, [a]: tf.Tensor[]) => tf.mul<tf.Tensor>(dy, a!)),
  ]
  const product = (a: tf.Tensor, b: tf.Tensor) =>
    separateGradients(
      [a, b],
      (save) => {
        save([a, b])
        return tf.mul(a, b)
      },
      gradients,
    )

  it('has the gradients of all inputs', () => {
    const [da, db] = tf.grads((a, b) => product(a!, b!))([tf.scalar(3), tf.scalar(5)])
    expect([da!.dataSync()[0], db!.dataSync()[0]]).toEqual([5, 3])
  })

  it('computes only those that are asked for, or lead there', () => {
    const [a, b] = [tf.scalar(3), tf.scalar(5)]
    for (const gradient of gradients) gradient.mockClear()
    expect(
      tf
        .grad((b) => product(a, tf.neg(b)))(b)
        .dataSync()[0],
    ).toBe(-3)
    expect(gradients.map((gradient) => gradient.mock.calls.length)).toEqual([0, 1])
  })

  it('keeps no tensor', () => {
    const [a, b] = [tf.scalar(3), tf.scalar(5)]
    const before = tf.memory().numTensors
    tf.tidy(() =>
      tf
        .grad((b) => product(a, b))(b)
        .dataSync(),
    )
    expect(tf.memory().numTensors).toBe(before)
  })
})
