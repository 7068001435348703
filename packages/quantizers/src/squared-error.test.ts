import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, tableMemory, tableOfValues } from './cumulative-table.js'
import { fakeQuantize } from './quantize.js'
import { affine, symmetric } from './scheme.js'
import { bestFit, exactFit } from './squared-error.js'

const floats = fc.array(fc.float({ noNaN: true, min: -8, max: 8 }), { minLength: 1, maxLength: 40 })
const scales = fc.float({ noNaN: true, min: Math.fround(0.05), max: 4 })
const levels = fc.integer({ min: 3, max: 40 })

function squaredError(values: readonly number[], range: { scale: number; zeroPoint: number; levels: number }): number {
  return fakeQuantize(values, range).reduce((total, x, i) => total + (x - Math.fround(values[i]!)) ** 2, 0)
}

describe('exactFit', () => {
  it('has the error that fakeQuantize makes', () => {
    fc.assert(
      fc.property(floats, scales, levels, fc.nat(39), (values, scale, count, z) => {
        const zeroPoint = z % count
        const { error } = exactFit(Float32Array.from(values), scale, zeroPoint, count)
        expect(error).toBeCloseTo(squaredError(values, { scale, zeroPoint, levels: count }), 3)
      }),
    )
  })
})

describe('bestFit', () => {
  it('finds the zero point that trying all of them finds', () => {
    fc.assert(
      fc.property(floats, scales, levels, (values, scale, count) => {
        const fit = bestFit(
          tableOfValues(Float32Array.from(values), tableMemory(2 ** 16)),
          scale,
          affine({ levels: count }),
        )
        const all = Array.from({ length: count }, (_, zeroPoint) =>
          squaredError(values, { scale, zeroPoint, levels: count }),
        )
        expect(squaredError(values, { ...fit, levels: count })).toBeLessThanOrEqual(Math.min(...all) * 1.001 + 1e-3)
      }),
    )
  })

  it('finds it wherever it begins to look', () => {
    fc.assert(
      fc.property(floats, scales, levels, fc.nat(255), (values, scale, count, near) => {
        const table = tableOfValues(Float32Array.from(values), tableMemory(64))
        const scheme = affine({ levels: count })
        expect(bestFit(table, scale, scheme, near % count)).toEqual(bestFit(table, scale, scheme))
      }),
    )
  })

  it('reckons the error to within what the bins lose', () => {
    fc.assert(
      fc.property(floats, scales, levels, (values, scale, count) => {
        const table = tableOfValues(Float32Array.from(values), tableMemory(2 ** 12))
        const { error, zeroPoint } = bestFit(table, scale, affine({ levels: count }))
        const exact = squaredError(values, { scale, zeroPoint, levels: count })
        expect(Math.abs(error - exact)).toBeLessThanOrEqual((values.length * scale) / table.binsPerUnit + 1e-3)
      }),
    )
  })

  it('sums up what the table says below each threshold', () => {
    fc.assert(
      fc.property(floats, scales, levels, (values, scale, count) => {
        const table = tableOfValues(Float32Array.from(values), tableMemory(32))
        const { zeroPoint, products, codeSquares } = bestFit(table, scale, affine({ levels: count }))
        let expectedProducts = -zeroPoint * table.sum
        let expectedSquares = zeroPoint ** 2 * table.total
        for (let k = -zeroPoint; k < count - 1 - zeroPoint; k++) {
          const under = below(table, (k + 0.5) * scale)
          expectedProducts += table.sum - under.sum
          expectedSquares += (2 * k + 1) * (table.total - under.count)
        }
        expect(products).toBeCloseTo(expectedProducts, 6)
        expect(codeSquares).toBeCloseTo(expectedSquares, 6)
      }),
    )
  })

  it('takes the smallest of equally good zero points, and the middle one of a symmetric scheme', () => {
    const table = tableOfValues(Float32Array.of(0, 0.5, 1), tableMemory(4096))
    expect(bestFit(table, 0.5, affine({ bits: 4 })).zeroPoint).toBe(0)
    expect(bestFit(table, 0.5, symmetric({ bits: 4 })).zeroPoint).toBe(8)
    expect(bestFit(table, 0.5, symmetric({ bits: 4, narrow: true })).zeroPoint).toBe(7)
  })
})
