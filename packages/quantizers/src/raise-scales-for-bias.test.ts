import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantizeBias } from './arithmetic.js'
import { raiseScalesForBias } from './raise-scales-for-bias.js'
import { validateRange } from './range.js'

const f32 = (min: number, max: number) => fc.float({ noNaN: true, min: Math.fround(min), max: Math.fround(max) })

describe('raiseScalesForBias', () => {
  it('leaves no bias beyond 2^22, and raises nothing that need not be', () => {
    const filter = fc.record({ scale: f32(1e-15, 10), bias: f32(-1e6, 1e6) })
    fc.assert(
      fc.property(fc.array(filter, { minLength: 1 }), f32(1e-4, 10), (filters, inputScale) => {
        const range = {
          scale: filters.map(({ scale }) => scale),
          zeroPoint: filters.map(() => 3),
          levels: 8,
          axis: 3,
        }
        const bias = Float32Array.from(filters, (each) => each.bias)
        const raised = validateRange(raiseScalesForBias(range, bias, inputScale))
        raised.scale.forEach((scale, i) => {
          expect(Math.abs(quantizeBias(bias[i]!, inputScale, scale))).toBeLessThanOrEqual(2 ** 22)
          const fitted = Math.abs(bias[i]! / inputScale / range.scale[i]!) <= 2 ** 22 * (1 - 2 ** -20)
          if (fitted) expect(scale).toBe(range.scale[i])
          else expect(scale).toBeGreaterThanOrEqual(range.scale[i]!)
        })
      }),
    )
  })

  it('goes by the largest bias where there is one scale', () => {
    const range = { scale: 2 ** -30, zeroPoint: 0, levels: 4 }
    const { scale } = raiseScalesForBias(range, Float32Array.of(0.1, -0.75), 1)
    expect(scale).toBeCloseTo(0.75 / 2 ** 22, 12)
    expect(raiseScalesForBias(range, new Float32Array(), 1)).toEqual(range)
  })

  it('says what does not fit', () => {
    const range = { scale: [1, 1], zeroPoint: [0, 0], levels: 4, axis: 0 }
    expect(() => raiseScalesForBias(range, new Float32Array(3), 1)).toThrow(
      'raiseScalesForBias(): 3 biases for 2 scales, expected as many',
    )
    expect(() => raiseScalesForBias(range, Float32Array.of(0, Infinity), 1)).toThrow('bias 1 is Infinity')
  })
})
