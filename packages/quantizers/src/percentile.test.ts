import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coveringRange } from './covering-range.js'
import { histogram } from './histogram.js'
import { minMax } from './min-max.js'
import { percentile } from './percentile.js'
import { affine } from './scheme.js'

const scheme = affine({ bits: 8 })
const floats = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 200 })

describe('percentile', () => {
  it('covers what stands at its rank among sorted values, and at the same rank from the other end', () => {
    fc.assert(
      fc.property(floats, fc.double({ noNaN: true, min: 50.01, max: 100 }), (values, p) => {
        const sorted = values.toSorted((a, b) => a - b)
        const upper = Math.ceil((p * values.length) / 100) - 1
        const expected = coveringRange(sorted[values.length - 1 - upper]!, sorted[upper]!, scheme)
        expect(percentile(p)(values, scheme)).toEqual(expected)
      }),
    )
  })

  it('is minMax at 100', () => {
    fc.assert(
      fc.property(floats, (values) => {
        expect(percentile(100)(values, scheme)).toEqual(minMax(values, scheme))
      }),
    )
  })

  it('finds the same places in a histogram, to within a bin', () => {
    fc.assert(
      fc.property(floats, fc.double({ noNaN: true, min: 50.01, max: 100 }), (values, p) => {
        const made = histogram(values, { bins: 2048 })
        const bin = 2 ** made.exponent
        const onValues = percentile(p)(values, scheme)
        const onHistogram = percentile(p)(made, scheme)
        expect(Math.abs(onHistogram.scale * 255 - onValues.scale * 255)).toBeLessThanOrEqual(2 * bin + 1)
      }),
    )
    expect(percentile(99)(histogram([0, 0, 0]), scheme)).toEqual(percentile(99)([0, 0, 0], scheme))
  })

  it('gives up outliers that minMax keeps', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i / 1000)
    values[500] = 100
    expect(percentile(99.9)(values, scheme).scale).toBe(Math.fround(Math.fround(0.999) / 255))
  })

  it.each([50, 100.5, 0, Number.NaN])('refuses p = %d', (p) => {
    expect(() => percentile(p)).toThrow(`percentile(): p is ${p}, expected a number above 50, at most 100`)
  })
})
