import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareSteps } from './share-steps.js'

const shares = fc
  .array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 50 })
  .filter((list) => list.some((share) => share > 1e-6))

describe('shareSteps', () => {
  it('adds up to the steps exactly, each part within one step of its proportion', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), shares, (steps, list) => {
        const parts = shareSteps(steps, list)
        const sum = list.reduce((a, b) => a + b, 0)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(steps)
        parts.forEach((part, i) => {
          expect(Number.isInteger(part)).toBe(true)
          expect(Math.abs(part - (steps * list[i]!) / sum)).toBeLessThanOrEqual(1)
        })
      }),
    )
  })

  it('gives the first parts what does not divide', () => {
    expect(shareSteps(10, [1, 1, 1, 1])).toEqual([3, 3, 2, 2])
    expect(shareSteps(2, [1, 1, 1])).toEqual([1, 1, 0])
  })

  it('refuses steps and shares that are no amounts', () => {
    expect(() => shareSteps(1.5, [1])).toThrow('steps is 1.5; expected a whole number >= 0')
    expect(() => shareSteps(4, [1, -1])).toThrow('shares are [1,-1]; expected numbers >= 0')
    expect(() => shareSteps(4, [0, 0])).toThrow('not all of them 0')
  })
})
