import { expect, it } from 'vitest'
import { indexOfLargest } from './index-of-largest.js'

it('is the first of those that are equal', () => {
  expect(indexOfLargest(Float32Array.of(-3, -1, -2, -1))).toBe(1)
  expect(indexOfLargest(Float32Array.of(5))).toBe(0)
})
