import fc from 'fast-check'
import { expect, it } from 'vitest'
import { integerWeights } from './integer-weights.js'

const layers = fc
  .record({
    rows: fc.integer({ min: 1, max: 3 }),
    columns: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 5 }),
    filters: fc.integer({ min: 1, max: 19 }),
    levels: fc.integer({ min: 2, max: 256 }),
    perFilter: fc.boolean(),
  })
  .chain((layer) => {
    const { rows, columns, channels, filters, levels, perFilter } = layer
    const count = rows * columns * channels * filters
    const of = (length: number) => fc.uint8Array({ max: levels - 1, minLength: length, maxLength: length })
    return fc.tuple(fc.constant(layer), of(count), of(perFilter ? filters : 1))
  })

it('subtracts zero points and sums over channels, and over sizes', () => {
  fc.assert(
    fc.property(layers, ([{ rows, columns, channels, filters, levels }, codes, zeroPoint]) => {
      const shape = [rows, columns, channels, filters] as const
      const weights = integerWeights({ codes, shape, levels, zeroPoint }, shape)
      const values: number[] = []
      const tapSums = new Array<number>(rows * columns * filters).fill(0)
      const absoluteSums = new Array<number>(filters).fill(0)
      codes.forEach((code, i) => {
        const filter = i % filters
        const value = code - zeroPoint[filter % zeroPoint.length]!
        values.push(value)
        tapSums[Math.floor(i / (channels * filters)) * filters + filter]! += value
        absoluteSums[filter]! += Math.abs(value)
      })
      expect(Array.from(weights.values)).toEqual(values)
      expect(Array.from(weights.tapSums)).toEqual(tapSums)
      expect(Array.from(weights.absoluteSums)).toEqual(absoluteSums)
      expect(weights.smallest).toBeLessThanOrEqual(Math.min(...values))
      expect(weights.largest).toBeGreaterThanOrEqual(Math.max(...values))
    }),
  )
})
