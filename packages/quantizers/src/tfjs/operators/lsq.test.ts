import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { lsq } from './lsq.js'
import { lsqPlus } from './lsq-plus.js'

// -3 to 4, step 1/2: below, at the lower edge, inside, at the upper edge, above.
const grid = { levels: 8, zeroPoint: 3 }
const values = [-2, -1.5, -0.2, 0, 0.3, 1.9, 2, 5]
const dy = [1, 10, 100, 1000, 2, 20, 200, 2000]
/** Equation 3 of the paper: -v + round(v), or the bound; the edges count as inside. */
const published = (v: number) => (v < -3 ? -3 : v > 4 ? 4 : Math.round(v) - v)

onEachBackend(() => {
  describe('lsq()', () => {
    it('has the gradient of the paper for x and for the step', () => {
      const f = (x: tf.Tensor, step: tf.Tensor) => tf.sum(tf.mul(lsq(x, grid, { step, gradientFactor: 0.1 }), dy))
      const [dx, dstep] = tf.grads((x, step) => f(x!, step!))([tf.tensor1d(values), tf.tensor1d([0.5])])
      expect(largestDifference(dx!.dataSync(), [0, 10, 100, 1000, 2, 20, 200, 0])).toBeLessThan(1e-3)
      const expected = values.reduce((sum, x, i) => sum + dy[i]! * published(x / 0.5), 0)
      expect(dstep!.dataSync()[0]! / (0.1 * expected)).toBeCloseTo(1, 5)
    })

    it('takes 1 / sqrt(n * Qp) as the factor where none is given', () => {
      const slope = (parameters: { gradientFactor?: number }) => {
        const f = (step: tf.Tensor) => tf.sum(tf.mul(lsq(tf.tensor1d(values), grid, { step, ...parameters }), dy))
        return tf
          .grad(f)(tf.tensor1d([0.5]))
          .dataSync()[0]
      }
      expect(slope({})).toBe(slope({ gradientFactor: 1 / Math.sqrt(8 * 4) }))
    })

    it('has, where nothing changes its level, the gradient that finite differences of the step show', () => {
      // Outside the range the value is a bound times the step; on a level inside it, x times a rounding that stays.
      const f = (step: tf.Tensor) => tf.sum(lsq(tf.tensor1d([-9, 9, 9]), grid, { step, gradientFactor: 1 }))
      const step = tf.tensor1d([0.5])
      expect(tf.grad(f)(step).dataSync()[0]).toBeCloseTo(finiteDifferences(f, step)[0]!, 3)
    })

    it('takes a step that an optimizer drove below zero as positive, and none as tiny, without NaN', () => {
      const x = tf.tensor1d(values)
      const at = (step: number) => lsq(x, grid, { step: tf.tensor1d([step]) }).dataSync()
      expect(at(-0.5)).toEqual(at(0.5))
      expect(at(0).every((value) => Math.abs(value) < 1e-15)).toBe(true)
      const f = (step: tf.Tensor) => tf.sum(lsq(x, grid, { step }))
      const slope = tf
        .grad(f)(tf.tensor1d([0.5]))
        .dataSync()[0]!
      expect(
        tf
          .grad(f)(tf.tensor1d([-0.5]))
          .dataSync()[0],
      ).toBe(-slope)
    })
  })

  describe('lsqPlus()', () => {
    it('gives the offset the gradient of what lies outside', () => {
      const f = (x: tf.Tensor, step: tf.Tensor, offset: tf.Tensor) =>
        tf.sum(tf.mul(lsqPlus(x, grid, { step, offset, gradientFactor: 0.1 }), dy))
      const shifted = tf.tensor1d(values.map((x) => x + 0.25))
      const [dx, dstep, doffset] = tf.grads((x, step, offset) => f(x!, step!, offset!))([
        shifted,
        tf.tensor1d([0.5]),
        tf.tensor1d([0.25]),
      ])
      expect(largestDifference(dx!.dataSync(), [0, 10, 100, 1000, 2, 20, 200, 0])).toBeLessThan(1e-3)
      const expected = values.reduce((sum, x, i) => sum + dy[i]! * published(x / 0.5), 0)
      expect(dstep!.dataSync()[0]! / (0.1 * expected)).toBeCloseTo(1, 4)
      expect(doffset!.dataSync()[0]).toBeCloseTo(0.1 * (1 + 2000), 2)
    })
  })
})
