import { expect, it } from 'vitest'
import { parseNumbers } from '../commands/lists.js'
import { formatCount, formatDifference, formatNumberList, formatPoints, formatPValue } from './number-format.js'

it('writes a true minus, and none before a zero', () => {
  expect(formatPoints(-1.234)).toBe('−1.23')
  expect(formatPoints(-0.001)).toBe('0.00')
  expect(formatPoints(12.34, 1)).toBe('12.3')
  expect(formatDifference(0.5)).toBe('+0.50')
  expect(formatDifference(-0.5)).toBe('−0.50')
  expect(formatDifference(0.004)).toBe('0.00')
})

it('writes p-values and counts', () => {
  expect(formatPValue(0.125)).toBe('0.125')
  expect(formatPValue(2 ** -20)).toBe('< 0.001')
  expect(formatCount(999)).toBe('999')
  expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567')
})

it.each([
  [[3, 1, 2], '1..3'],
  [[1, 2], '1,2'],
  [[8, 2, 3, 4, 6], '2..4,6,8'],
  [[5], '5'],
])('writes %j as the command line reads it', (numbers, text) => {
  expect(formatNumberList(numbers)).toBe(text)
  expect(parseNumbers(text, '--seeds', { minimum: 0, maximum: 100 })).toEqual([...numbers].sort((a, b) => a - b))
})
