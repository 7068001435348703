import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ArithmeticName, arithmetics } from '../kernels/arithmetic.js'
import { panelWidths } from '../kernels/tile.js'
import { packPanels } from './pack-weights.js'

const arrays = { 1: Int8Array, 2: Int16Array, 4: Float32Array } as const

it.each<ArithmeticName>(['dot-add', 'dot', 'wide', 'float'])('lays out weights for %s', (name) => {
  const { group, bytes } = arithmetics[name]
  const [Given, Packed] = [bytes === 4 ? Float32Array : Int16Array, arrays[bytes]]
  const cases = fc.record({
    matrixCount: fc.integer({ min: 1, max: 3 }),
    positions: fc.integer({ min: 1, max: 9 }),
    more: fc.integer({ min: 0, max: 2 }),
    filters: fc.integer({ min: 1, max: 37 }),
    width: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(cases, ({ matrixCount, positions, more, filters, width }) => {
      const vectors = Math.ceil(filters / 4)
      const tile = { pixels: 1, vectors: width, together: 1 }
      const filledTo = group * (Math.ceil(positions / group) + more)
      const matrices = Array.from({ length: matrixCount }, (_, i) => ({
        positions,
        filters,
        values: new Given(Array.from({ length: positions * filters }, (_, at) => ((at + 91 * i) % 256) - 128)),
      }))
      const expected = matrices.flatMap(({ values }) => {
        let first = 0
        return panelWidths(vectors, tile).flatMap((wide) => {
          const panel = new Array<number>(4 * wide * filledTo).fill(0)
          for (let at = 0; at < panel.length; at++) {
            const filter = first + (Math.floor(at / group) % (4 * wide))
            const position = group * Math.floor(at / (4 * wide * group)) + (at % group)
            if (filter < filters && position < positions) panel[at] = values[position * filters + filter]!
          }
          first += 4 * wide
          return panel
        })
      })
      const packed = packPanels(matrices, tile, { group, bytes }, filledTo)
      expect(Array.from(new Packed(packed.slice().buffer))).toEqual(expected)
    }),
  )
})
