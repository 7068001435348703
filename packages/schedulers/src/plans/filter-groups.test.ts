import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterGroups } from './filter-groups.js'

const layer = (filters: number) => ({ name: 'conv', filters, weightsPerFilter: 9 })

describe('filterGroups', () => {
  it('covers every filter once, in groups that differ by one filter at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 40 }), (filters, groups) => {
        const ranges = filterGroups(layer(filters), { groups })
        expect(ranges).toHaveLength(Math.min(groups, filters))
        expect(ranges.map(([from]) => from)).toEqual([0, ...ranges.slice(0, -1).map(([, to]) => to)])
        expect(ranges.at(-1)?.[1]).toBe(filters)
        const sizes = ranges.map(([from, to]) => to - from)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('makes no group larger than the group size', () => {
    expect(filterGroups(layer(10), { groupSize: 4 })).toEqual([
      [0, 3],
      [3, 6],
      [6, 10],
    ])
    expect(filterGroups(layer(3), { groupSize: 8 })).toEqual([[0, 3]])
  })

  it('refuses group counts that are none, and two of them', () => {
    expect(() => filterGroups(layer(4), { groups: 0 })).toThrow('groups is 0; expected a whole number >= 1')
    expect(() => filterGroups(layer(4), { groups: 2, groupSize: 2 })).toThrow('expected one of the two')
  })
})
