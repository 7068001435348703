import { expect, it } from 'vitest'
import { permutation } from './permutation.js'
import { random } from './random.js'

it('holds every number once, and moves nearly all of them', () => {
  const order = permutation(50_000, random(1))
  expect(order.slice().sort()).toEqual(Uint32Array.from({ length: 50_000 }, (_, i) => i))
  expect(order.filter((x, i) => x === i).length).toBeLessThan(10)
})

it('gives every order equally often', () => {
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 6000; seed++) {
    const order = permutation(3, random(seed)).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
})

it('copes with nothing and with one', () => {
  expect(permutation(0, random(1))).toHaveLength(0)
  expect([...permutation(1, random(1))]).toEqual([0])
})
