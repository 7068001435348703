import { mean, standardDeviation } from 'simple-statistics'
import { expect, it } from 'vitest'
import { normalValues } from './normal-values.js'

it('has the deviation asked for, and the same values for a seed', () => {
  const values = normalValues(20_000, 3)
  expect(Math.abs(mean([...values]))).toBeLessThan(0.1)
  expect(standardDeviation([...values])).toBeCloseTo(3, 1)
  expect(normalValues(3, 3)).toEqual(values.slice(0, 3))
  expect(normalValues(3, 3, 2)).not.toEqual(values.slice(0, 3))
})
