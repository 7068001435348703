import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exponential, logarithm } from './exponential.js'

describe('exponential', () => {
  it('is e^x', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-15)
      }),
    )
  })

  it('has its ends', () => {
    expect(exponential(0)).toBe(1)
    expect(exponential(-1e9)).toBe(0)
    expect(exponential(Number.NEGATIVE_INFINITY)).toBe(0)
    expect(exponential(Number.NaN)).toBeNaN()
  })
})

describe('logarithm', () => {
  it('is ln x', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (x) => {
        expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.log(x)))
      }),
    )
  })

  it('has its ends', () => {
    expect(logarithm(1)).toBe(0)
    expect(logarithm(Number.NaN)).toBeNaN()
  })
})
