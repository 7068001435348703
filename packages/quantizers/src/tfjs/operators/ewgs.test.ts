import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { ewgs } from './ewgs.js'
import { straightThrough } from './straight-through.js'

const range = { scale: 0.25, zeroPoint: 3, levels: 8 }
const values = [-1, -0.7, -0.1, 0.1, 0.2, 0.9, 1.5]

onEachBackend(() => {
  it('is forward what straightThrough is', () => {
    const x = tf.tensor1d(values)
    expect(ewgs(x, range).dataSync()).toEqual(straightThrough(x, range).dataSync())
  })

  it('scales each gradient as the paper does, on values from 0 to 1', () => {
    const delta = 0.5
    for (const sign of [1, -1]) {
      const gradient = tf
        .grad((x) => ewgs(x, range, { delta }).mul(sign * 3))(tf.tensor1d(values))
        .dataSync()
      const expected = values.map((x) => {
        const normalized = (x / 0.25 + 3) / 7
        if (normalized < 0 || normalized > 1) return 0
        return sign * 3 * (1 + delta * sign * (normalized - Math.round(normalized * 7) / 7))
      })
      expect(largestDifference(gradient, expected)).toBeLessThan(1e-5)
    }
  })
})
