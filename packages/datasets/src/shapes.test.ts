import { expect, it } from 'vitest'
import { shapes } from './shapes.js'

const points = Array.from(
  { length: 41 * 41 },
  (_, i) => [(i % 41) / 16 - 1.25, Math.floor(i / 41) / 16 - 1.25] as const,
)

it.each(Object.entries(shapes))('%s is its own mirror image, so that a flip keeps the label', (_, shape) => {
  for (const [x, y] of points) expect(shape(-x, y)).toBe(shape(x, y))
})

it.each(Object.entries(shapes))('%s lies in the image whole and is neither a dot nor all', (_, shape) => {
  const inside = points.filter(([x, y]) => shape(x, y) > 0)
  expect(inside.length / 256).toBeGreaterThan(0.8)
  expect(inside.length / 256).toBeLessThan(3.3)
  for (const [x, y] of inside) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(1.13)
})

it('are ten, each two of them different', () => {
  const list = Object.values(shapes)
  expect(list).toHaveLength(10)
  list.forEach((one, i) => {
    for (const other of list.slice(i + 1)) {
      const differ = points.filter(([x, y]) => one(x, y) > 0 !== other(x, y) > 0)
      expect(differ.length / 256).toBeGreaterThan(0.2)
    }
  })
})
