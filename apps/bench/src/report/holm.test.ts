import fc from 'fast-check'
import { expect, it } from 'vitest'
import { holm } from './holm.js'

it('is what R gives for p.adjust(p, "holm")', () => {
  const corrected = holm([0.01, 0.04, 0.03, 0.005])
  for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(corrected[i]).toBeCloseTo(p, 12)
  expect(holm([0.5, 0.6])).toEqual([1, 1])
  expect(holm([0.2])).toEqual([0.2])
  expect(holm([])).toEqual([])
})

it('never lowers a p-value, never goes above 1, and keeps their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
      const corrected = holm(pValues)
      pValues.forEach((p, i) => {
        expect(corrected[i]).toBeGreaterThanOrEqual(p)
        expect(corrected[i]).toBeLessThanOrEqual(1)
        for (const [j, other] of pValues.entries())
          if (p < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[j]!)
      })
    }),
  )
})
