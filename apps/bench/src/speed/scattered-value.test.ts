import { expect, it } from 'vitest'
import { scatteredValue } from './scattered-value.js'

it('spreads values evenly over [0, 1)', () => {
  const tenths = Array.from({ length: 1000 }, (_, i) => Math.floor(10 * scatteredValue(i)))
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(tenths.filter((found) => found === tenth).length).toBeGreaterThan(95)
    expect(tenths.filter((found) => found === tenth).length).toBeLessThan(105)
  }
})
