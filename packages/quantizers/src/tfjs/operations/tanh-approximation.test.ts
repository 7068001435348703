import * as tf from '@tensorflow/tfjs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { tanhApproximation, tanhApproximationOf } from './tanh-approximation.js'

const grid = Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 2000)

describe('tanhApproximationOf()', () => {
  it('is within 4e-7 of tanh, odd, and within -1..1', () => {
    for (const x of grid) {
      const y = tanhApproximationOf(x)
      expect(Math.abs(y - Math.tanh(x))).toBeLessThan(4e-7)
      expect(Math.abs(y)).toBeLessThanOrEqual(1)
      expect(tanhApproximationOf(-x)).toBe(-y)
    }
  })
})

onEachBackend(() => {
  it('has the bits of the scalar formula', () => {
    const y = tanhApproximation(tf.tensor1d(grid)).dataSync()
    expect(y).toEqual(grid.map(tanhApproximationOf))
    fc.assert(
      fc.property(fc.float({ noDefaultInfinity: true }), (x) => {
        expect(tf.tidy(() => tanhApproximation(tf.tensor1d([x])).dataSync()[0])).toBe(tanhApproximationOf(x))
      }),
    )
  })

  it('keeps NaN and has the gradient 1 - y * y', () => {
    const x = tf.tensor1d([-20, -1, 0, 0.5, Number.NaN])
    expect(tanhApproximation(x).dataSync()[4]).toBeNaN()
    const gradient = tf
      .grad((t) => tanhApproximation(t))(x)
      .dataSync()
    for (const [i, value] of [-20, -1, 0, 0.5].entries()) {
      expect(gradient[i]).toBeCloseTo(1 - Math.tanh(value) ** 2, 5)
    }
  })
})
