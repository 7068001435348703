import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dequantizeValue, largestScale, quantizeValue, smallestScale } from './arithmetic.js'
import { coveringRange } from './covering-range.js'
import { validateRange } from './range.js'
import { affine, symmetric } from './scheme.js'

describe('coveringRange', () => {
  it('puts zero on a code and both ends within half a step of one', () => {
    const end = fc.float({ noNaN: true, min: Math.fround(-1e6), max: Math.fround(1e6) })
    const schemes = fc.constantFrom(
      ...[3, 4, 8, 25, 256].flatMap((levels) => [
        affine({ levels }),
        symmetric({ levels }),
        symmetric({ levels, narrow: true }),
      ]),
    )
    fc.assert(
      fc.property(end, end, schemes, (a, b, scheme) => {
        const range = validateRange(coveringRange(Math.min(a, b), Math.max(a, b), scheme))
        for (const x of [a, b]) {
          const error = Math.abs(dequantizeValue(quantizeValue(x, range), range) - x)
          expect(error).toBeLessThanOrEqual(range.scale * 0.5001)
        }
      }),
    )
  })

  it('has zero point 0 for non-negative data, the last code for non-positive ones', () => {
    expect(coveringRange(0, 7, affine({ bits: 3 }))).toEqual({ scale: 1, zeroPoint: 0, levels: 8 })
    expect(coveringRange(2, 7, affine({ bits: 3 }))).toEqual({ scale: 1, zeroPoint: 0, levels: 8 })
    expect(coveringRange(-7, -1, affine({ bits: 3 }))).toEqual({ scale: 1, zeroPoint: 7, levels: 8 })
  })

  it('clips neither end of a symmetric range', () => {
    expect(coveringRange(-8, 3, symmetric({ bits: 4 }))).toEqual({ scale: 1, zeroPoint: 8, levels: 16 })
    expect(coveringRange(-3, 7, symmetric({ bits: 4 }))).toEqual({ scale: 1, zeroPoint: 8, levels: 16 })
    expect(coveringRange(-7, 3, symmetric({ bits: 4, narrow: true }))).toEqual({ scale: 1, zeroPoint: 7, levels: 15 })
  })

  it('keeps to scales that f32 arithmetic can use', () => {
    expect(coveringRange(0, 0, affine({ bits: 3 }))).toEqual({ scale: 1, zeroPoint: 0, levels: 8 })
    expect(coveringRange(0, 2 ** -149, affine({ bits: 3 })).scale).toBe(smallestScale)
    expect(coveringRange(-3e38, 3e38, affine({ bits: 3 })).scale).toBe(largestScale)
  })
})
