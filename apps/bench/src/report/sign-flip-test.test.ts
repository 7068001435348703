import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signFlipPValue } from './sign-flip-test.js'

describe('signFlipPValue', () => {
  it.each([
    // All of 2^n sums but the observed one are smaller.
    [[1, 1, 1], 1 / 8],
    [[0.5, 2, 3, 4, 7], 1 / 32],
    // -1 + 2 + 3 = 4 is reached by itself and by 6: 2 of 8.
    [[-1, 2, 3], 2 / 8],
    // Sums of ±1 ±1 ±2: 4, 2, 2, 0, 0, -2, -2, -4; the observed 0 is reached by 5 of 8.
    [[1, 1, -2], 5 / 8],
    [[-1, -1, -1], 1],
    // A zero has two signs that give the same sum.
    [[0, 3], 1 / 2],
    [[0, 0], 1],
    [[7], 1 / 2],
    [[], 1],
  ])('of %j is %d', (differences, p) => {
    expect(signFlipPValue(differences)).toBe(p)
  })

  it('counts equal sums as equal, although floats add up to something else', () => {
    // 0.1 + 0.2 and 0.3 are the same to whoever measures in points: 0.1 + 0.2 - 0.3 = 0, as is its mirror image.
    expect(signFlipPValue([0.1, 0.2, -0.3])).toBe(5 / 8)
  })

  it('agrees with the enumeration of all signs', () => {
    const differences = fc.array(
      fc.integer({ min: -500, max: 500 }).map((images) => images / 100),
      { maxLength: 9 },
    )
    fc.assert(
      fc.property(differences, (values) => {
        expect(signFlipPValue(values)).toBeCloseTo(byEnumeration(values), 12)
      }),
    )
  })

  it('is exact for as many seeds as anyone has', () => {
    expect(signFlipPValue(Array(60).fill(0.25))).toBe(2 ** -60)
  })
})

function byEnumeration(values: readonly number[]): number {
  const images = values.map((value) => Math.round(100 * value))
  const observed = images.reduce((sum, value) => sum + value, 0)
  let reached = 0
  for (let signs = 0; signs < 2 ** images.length; signs++) {
    const sum = images.reduce((total, value, i) => total + ((signs >> i) & 1 ? -value : value), 0)
    if (sum >= observed) reached++
  }
  return reached / 2 ** images.length
}
