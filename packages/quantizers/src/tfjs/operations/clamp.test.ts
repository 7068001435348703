import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { clamp } from './clamp.js'

onEachBackend(() => {
  it('keeps NaN wherever it stands, in whole vectors and in what is left over', () => {
    for (let length = 1; length <= 9; length++) {
      for (let at = 0; at < length; at++) {
        const x = new Float32Array(length).fill(7)
        x[at] = Number.NaN
        const y = clamp(tf.tensor1d(x), { minimum: 0, maximum: 6 }).dataSync()
        expect(Array.from(y, Number.isNaN)).toEqual(Array.from(x, Number.isNaN))
      }
    }
  })

  it('clamps, to one side where there is no maximum', () => {
    const x = tf.tensor1d([-Infinity, -2, -1, 0.5, 1, 3, Infinity])
    expect([...clamp(x, { minimum: -1, maximum: 1 }).dataSync()]).toEqual([-1, -1, -1, 0.5, 1, 1, 1])
    expect([...clamp(x, { minimum: 0 }).dataSync()]).toEqual([0, 0, 0, 0.5, 1, 3, Infinity])
  })

  it('passes the gradient on the closed interval and nowhere else', () => {
    const x = tf.tensor1d([-2, -1, 0.5, 1, 3, Number.NaN])
    const gradient = tf.grad((t) => clamp(t, { minimum: -1, maximum: 1 }).mul([2, 3, 4, 5, 6, 7]))(x)
    expect([...gradient.dataSync()]).toEqual([0, 3, 4, 5, 0, 0])
  })
})
