import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countPatterns, patterns, patternsFit } from './count-patterns.js'
import { histogram } from './histogram.js'

const notNegative = fc.oneof(
  fc.constantFrom(0, -0, 2 ** -149, 2 ** -137, 2 ** -126, 3.4e38),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1 }),
  // Edges of bins, and what lies just below.
  fc.integer({ min: 1, max: 4096 }).map((n) => n / 4096),
  fc.integer({ min: 1, max: 4096 }).map((n) => Math.fround(n / 4096) - 2 ** -25),
)

describe('countPatterns', () => {
  it('counts as computing the bin of each value does', () => {
    fc.assert(
      fc.property(fc.array(notNegative, { minLength: 1, maxLength: 40 }), (numbers) => {
        const values = Float32Array.from(numbers)
        const { exponent, first, counts, zeros, minimum, maximum } = histogram(values)
        fc.pre(counts.length > 0 && patternsFit(minimum, maximum, exponent))
        const withZeros = counts.map((count, i) => (first + i === 0 ? count + zeros : count))
        expect(countPatterns(values, 2 ** -exponent, first, counts.length)).toEqual(withZeros)
      }),
      { numRuns: 100 },
    )
  })

  it('serves any values of default bins but negative and the smallest ones', () => {
    const fits = (...values: number[]) => {
      const { minimum, maximum, exponent } = histogram(values)
      return patternsFit(minimum, maximum, exponent)
    }
    expect([fits(0, 1), fits(5, 5.1), fits(3.4e38), fits(2 ** -125)]).toEqual([true, true, true, true])
    expect([fits(-1, 1), fits(-0.001, 1), fits(2 ** -127)]).toEqual([false, false, false])
    expect(patternsFit(0, 1, -12)).toBe(false)
  })
})

it('is what histogram does with more values than there are patterns', () => {
  const values = Float32Array.from({ length: patterns + 7 }, (_, i) => (i % 3 === 0 ? 0 : (i % 1001) / 997))
  const whole = histogram(values)
  const counts = new Map<number, number>()
  for (const value of values) {
    const bin = Math.floor(value * 2 ** -whole.exponent) - whole.first
    if (value !== 0) counts.set(bin, (counts.get(bin) ?? 0) + 1)
  }
  expect(whole.counts).toEqual(whole.counts.map((_, bin) => counts.get(bin) ?? 0))
  expect(whole.total).toBe(whole.counts.reduce((sum, count) => sum + count, whole.zeros))
})
