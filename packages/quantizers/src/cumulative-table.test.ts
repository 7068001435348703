import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, tableMemory, tableOfHistogram, tableOfValues } from './cumulative-table.js'
import { histogram } from './histogram.js'

const floats = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 50 })
const threshold = fc.double({ noNaN: true, min: -120, max: 120 })

describe('tableOfValues', () => {
  it('counts and sums what lies below a threshold, but for values of the bin that it cuts', () => {
    fc.assert(
      fc.property(floats, threshold, (values, t) => {
        const table = tableOfValues(Float32Array.from(values), tableMemory(64))
        const { count, sum } = below(table, t)
        const width = 1 / table.binsPerUnit
        const sure = values.filter((x) => x < t - width)
        const possible = values.filter((x) => x < t + width)
        expect(count).toBeGreaterThanOrEqual(sure.length - 1e-9)
        expect(count).toBeLessThanOrEqual(possible.length + 1e-9)
        const exact = values.filter((x) => x < t).reduce((total, x) => total + x, 0)
        const unsure = possible.length - sure.length
        expect(Math.abs(sum - exact)).toBeLessThanOrEqual(unsure * (Math.abs(t) + 2 * width) + 1e-6)
      }),
    )
  })

  it('is exact, but for rounding, between bins and beyond both ends', () => {
    const table = tableOfValues(Float32Array.of(3, -1, 0.5, 2), tableMemory(4))
    expect(below(table, -1)).toEqual({ count: 0, sum: 0 })
    expect(below(table, 1).count).toBeCloseTo(2, 9)
    expect(below(table, 1).sum).toBeCloseTo(-0.5, 9)
    expect(below(table, 9)).toEqual({ count: 4, sum: 4.5 })
    expect(table.squares).toBe(14.25)
  })

  it('takes the values of a bin as spread evenly over it, also where a threshold cuts it', () => {
    const table = tableOfValues(
      Float32Array.from({ length: 10_001 }, (_, i) => i / 10_000),
      tableMemory(4),
    )
    expect(below(table, 0.3).count).toBeCloseTo(3000, -1)
    expect(below(table, 0.3).sum).toBeCloseTo(450, -1)
    expect(below(table, 0.95).sum).toBeCloseTo(4512.5, -1)
  })

  it('is the same in memory that another table was made in', () => {
    const memory = tableMemory(16)
    const [one, other] = [Float32Array.of(3, -1, 0.5, 2), Float32Array.of(0.25, 7, 7)]
    tableOfValues(other, memory)
    expect(tableOfValues(one, memory)).toEqual(tableOfValues(one, tableMemory(16)))
  })

  it('takes values without any spread', () => {
    const table = tableOfValues(Float32Array.of(0.5, 0.5), tableMemory(16))
    expect(below(table, 0.25)).toEqual({ count: 0, sum: 0 })
    expect(below(table, 0.75)).toEqual({ count: 2, sum: 1 })
  })
})

describe('tableOfHistogram', () => {
  it('has the counts of the histogram, its zeros at zero, and moments within a bin of the values’', () => {
    fc.assert(
      fc.property(floats, threshold, (values, t) => {
        const made = histogram(values, { bins: 256 })
        const table = tableOfHistogram(made)
        const width = 2 ** made.exponent
        expect(table.total).toBe(values.length)
        const edge = Math.round(t / width) * width
        expect(below(table, edge).count).toBeCloseTo(values.filter((x) => x < edge).length, 9)
        const exact = values.reduce((total, x) => total + x, 0)
        expect(Math.abs(table.sum - exact)).toBeLessThanOrEqual(values.length * width)
      }),
    )
  })

  it('takes a histogram of zeros alone', () => {
    const table = tableOfHistogram(histogram([0, 0, 0]))
    expect([table.total, table.sum, table.squares]).toEqual([3, 0, 0])
    expect(below(table, 0.5).count).toBe(3)
  })
})
