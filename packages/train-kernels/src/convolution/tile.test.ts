import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestTile, panelsOf } from './tile.js'

const size = fc.integer({ min: 1, max: 300 })

describe('bestTile', () => {
  it('leaves registers for weights and an input beside the sums, and is no larger than the outputs', () => {
    fc.assert(
      fc.property(size, size, size, (rows, columns, outputs) => {
        const tile = bestTile(rows, columns, outputs)
        expect(tile.rows * tile.columns * tile.vectors + tile.vectors + 1).toBeLessThanOrEqual(15)
        expect(tile.rows).toBeLessThanOrEqual(rows)
        expect(tile.columns).toBeLessThanOrEqual(columns)
      }),
    )
  })

  it('takes eight sums or more where they fit, in whole tiles where it can', () => {
    for (const { rows, columns, vectors } of [bestTile(1, 6000, 64), bestTile(6, 6, 64)]) {
      expect(rows * columns * vectors).toBeGreaterThanOrEqual(8)
      expect(vectors).toBe(4)
    }
    expect(bestTile(1, 1, 64)).toEqual({ rows: 1, columns: 1, vectors: 4 })
  })
})

describe('panelsOf', () => {
  it('has a lane for each output and no vector without one', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 4 }), (outputs, vectors) => {
        const panels = panelsOf(outputs, vectors)
        const lanes = panels.reduce((sum, panel) => sum + panel.count * (4 * (panel.vectors - 1) + panel.lanes), 0)
        expect(lanes).toBe(outputs)
        for (const panel of panels) {
          expect(panel.vectors).toBeLessThanOrEqual(vectors)
          expect(panel.count === 1 || panel.lanes === 4).toBe(true)
        }
      }),
    )
  })
})
