import * as tf from '@tensorflow/tfjs'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { integerBounds, inverseScale, quantizeValue } from '../../arithmetic.js'
import { integerInput } from './integer-input.js'

const float = fc.float({ min: -50, max: 50, noNaN: true })
const range = fc
  .record({
    scale: fc.float({ min: Math.fround(0.01), max: 4, noNaN: true }),
    levels: fc.integer({ min: 3, max: 256 }),
  })
  .chain(({ scale, levels }) =>
    fc.record({ scale: fc.constant(scale), levels: fc.constant(levels), zeroPoint: fc.nat(levels - 1) }),
  )

onEachBackend(() => {
  it('gives the codes of the formula less the zero point, to the bit', () => {
    fc.assert(
      fc.property(fc.array(float, { minLength: 1, maxLength: 33 }), range, (values, range) => {
        const interval = { inverseScale: inverseScale(range.scale), ...integerBounds(range) }
        const integers = tf.tidy(() => integerInput(tf.tensor1d(values), interval).dataSync())
        expect(Array.from(integers, (integer) => integer + range.zeroPoint)).toEqual(
          values.map((x) => quantizeValue(Math.fround(x), range)),
        )
      }),
    )
  })

  it('rounds halves to even and keeps NaN', () => {
    const x = tf.tensor1d([0.25, 0.75, 1.25, -0.75, Number.NaN])
    const integers = integerInput(x, { inverseScale: 2, minimum: -8, maximum: 7 }).dataSync()
    expect([...integers]).toEqual([0, 2, 2, -2, Number.NaN])
  })

  it('passes dy * inverseScale where x * inverseScale lies in the closed interval, otherwise 0', () => {
    const x = tf.tensor1d([-4.1, -4, 0, 3.5, 3.6, Number.NaN])
    const gradient = tf.grad((t) => integerInput(t, { inverseScale: 2, minimum: -8, maximum: 7 }).mul(3))(x)
    expect([...gradient.dataSync()]).toEqual([0, 6, 6, 6, 0, 0])
  })
})
