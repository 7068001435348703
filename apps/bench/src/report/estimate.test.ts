import { expect, it } from 'vitest'
import { estimate } from './estimate.js'

it('gives the 95 % interval of Student’s t', () => {
  // Sample deviation 1, standard error 1/√3, t(0.975; 2) = 4.302653.
  const { count, mean, error, interval } = estimate([1, 2, 3])
  expect([count, mean]).toEqual([3, 2])
  expect(error).toBeCloseTo(0.577350269, 8)
  expect(interval![0]).toBeCloseTo(2 - 2.484138, 5)
  expect(interval![1]).toBeCloseTo(2 + 2.484138, 5)
  // Eight values: t(0.975; 7) = 2.364624, sample deviation of 0..7 is √6.
  expect(estimate([0, 1, 2, 3, 4, 5, 6, 7]).interval![1]).toBeCloseTo(3.5 + 2.364624 * Math.sqrt(6 / 8), 5)
})

it('says nothing of where the mean lies with fewer than three values', () => {
  expect(estimate([1, 3])).toEqual({ count: 2, mean: 2, error: 1, interval: undefined })
  expect(estimate([1])).toEqual({ count: 1, mean: 1, error: undefined, interval: undefined })
})

it('shrinks to a point where all values are equal', () => {
  expect(estimate([2, 2, 2]).interval).toEqual([2, 2])
})
