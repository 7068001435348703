import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestWeights } from './largest-weights.js'

const weights = fc.array(fc.float({ noNaN: true, min: -2, max: 2 }), { minLength: 1, maxLength: 60 })
const chosen = (mask: Float32Array) => mask.reduce((sum, flag) => sum + flag, 0)

describe('largestWeights', () => {
  it('chooses the rounded share, none of them smaller than one it leaves out', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, fraction) => {
        const mask = largestWeights(values, new Uint8Array(values.length), fraction)
        expect(chosen(mask)).toBe(Math.round(fraction * values.length))
        const inside = values.filter((_, i) => mask[i] === 1).map(Math.abs)
        const outside = values.filter((_, i) => mask[i] === 0).map(Math.abs)
        expect(Math.min(Infinity, ...inside)).toBeGreaterThanOrEqual(Math.max(0, ...outside))
      }),
    )
  })

  it('keeps what was chosen before, however small it has become', () => {
    expect([...largestWeights([0.1, -3, 2, 1], [1, 0, 0, 0], 0.5)]).toEqual([1, 1, 0, 0])
    expect([...largestWeights([1, -1, 1, 1], [0, 0, 0, 0], 0.5)]).toEqual([1, 1, 0, 0])
  })
})
