import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tanhApproximation } from './tanh-approximation.js'

describe('tanhApproximation', () => {
  it('is within 4e-7 of tanh', () => {
    let worst = 0
    for (let x = -12; x <= 12; x += 1 / 4096) worst = Math.max(worst, Math.abs(tanhApproximation(x) - Math.tanh(x)))
    expect(worst).toBeLessThan(4e-7)
  })

  it('is odd and stays within -1..1', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const y = tanhApproximation(x)
        expect(Math.abs(y)).toBeLessThanOrEqual(1)
        expect(tanhApproximation(-x)).toBe(-y)
        expect(Math.fround(y)).toBe(y)
      }),
    )
  })

  it('leaves NaN as it is', () => {
    expect(tanhApproximation(Number.NaN)).toBeNaN()
  })
})
