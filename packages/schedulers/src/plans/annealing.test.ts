import { expect, it } from 'vitest'
import { halfCosine } from './annealing.js'

it('goes from the first number at the first step to the second at the last', () => {
  const at = (step: number) => halfCosine([1, 3], step, 5)
  expect([0, 1, 2, 3, 4].map(at)).toEqual([
    1,
    expect.closeTo(2 - Math.SQRT1_2, 12),
    expect.closeTo(2, 12),
    expect.closeTo(2 + Math.SQRT1_2, 12),
    3,
  ])
  expect(halfCosine([0.5, 2], 0, 1)).toBe(0.5)
})
