import { expect, it } from 'vitest'
import { formatDuration } from './duration.js'

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1:00'],
  [185, '3:05'],
  [7800, '2:10:00'],
  [-1, '0 s'],
  [Number.POSITIVE_INFINITY, '–'],
])('formats %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})
