import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extremes } from './extremes.js'

describe('extremes', () => {
  it('agrees with a plain loop', () => {
    const floats = fc.array(fc.oneof(fc.constantFrom(0, -0), fc.float({ noNaN: true, noDefaultInfinity: true })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(floats, (values) => {
        expect(extremes('f', values)).toEqual({
          minimum: Math.min(...values) + 0,
          maximum: Math.max(...values) + 0,
          zeros: values.filter((x) => x === 0).length,
        })
      }),
    )
  })

  it('reads a view at its own offset', () => {
    expect(extremes('f', Float32Array.of(-9, 1, 2, 9).subarray(1, 3))).toEqual({ minimum: 1, maximum: 2, zeros: 0 })
  })

  it('has zeros for no values', () => {
    expect(extremes('f', [])).toEqual({ minimum: 0, maximum: 0, zeros: 0 })
  })

  it('finds the first value that is not finite, wherever it is', () => {
    const negativeNaN = new Float32Array(Int32Array.of(0, -1).buffer)
    expect(() => extremes('f', negativeNaN)).toThrow('f(): value 1 is NaN, expected a finite f32 number')
    for (let length = 1; length < 6; length++) {
      for (let i = 0; i < length; i++) {
        for (const wrong of [Number.NaN, Infinity, -Infinity]) {
          const values = new Float32Array(length).fill(3)
          values[i] = wrong
          expect(() => extremes('f', values)).toThrow(`f(): value ${i} is ${wrong}`)
        }
      }
    }
  })
})
