import { describe, expect, it } from 'vitest'
import { DatasetError } from './dataset-error.js'
import { holdOut, split, take } from './split.js'

const whole = split({
  images: Uint8Array.from({ length: 200 }, (_, i) => i >> 1),
  labels: Uint16Array.from({ length: 100 }, (_, i) => 300 + i),
  shape: [1, 2, 1],
})
/** What a split holds: the labels, if the images still go with them. */
const contents = ({ images, labels, size }: typeof whole) => {
  expect(labels).toBeInstanceOf(Uint16Array)
  expect([...images]).toEqual([...labels].flatMap((label) => [label - 300, label - 300]))
  expect(size).toBe(labels.length)
  return [...labels]
}

describe('split', () => {
  it.each([
    { images: new Uint8Array(5), labels: new Uint8Array(1), shape: [1, 2, 3] as const },
    { images: new Uint8Array(0), labels: new Uint8Array(1), shape: [0, 2, 3] as const },
    { images: new Uint8Array(0), labels: new Uint8Array(0), shape: [1, 1e6, 3] as const },
    { images: new Uint8Array(3), labels: new Uint8Array(2), shape: [1, 1.5, 1] as const },
  ])('refuses arrays and shapes that do not fit: %o', (parts) => {
    expect(() => split(parts)).toThrow(DatasetError)
  })
})

describe('take', () => {
  it('is the first images', () => {
    expect(contents(take(whole, 3))).toEqual([300, 301, 302])
    expect(contents(take(whole, 0))).toEqual([])
    expect(contents(take(whole, 100))).toEqual(contents(whole))
  })

  it.each([-1, 101, 1.5, Number.NaN])('refuses %s of 100', (size) => {
    expect(() => take(whole, size)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})

describe('holdOut', () => {
  it('puts every image into one part, in order', () => {
    const [rest, heldOut] = holdOut(whole, { size: 30, seed: 1 })
    const [left, out] = [contents(rest), contents(heldOut)]
    expect(out).toHaveLength(30)
    expect([...left, ...out].sort()).toEqual(contents(whole))
    expect(left).toEqual(left.toSorted((a, b) => a - b))
    expect(out).toEqual(out.toSorted((a, b) => a - b))
  })

  it('chooses by the seed alone', () => {
    const chosen = (seed: number) => contents(holdOut(whole, { size: 30, seed })[1])
    expect(chosen(1)).toEqual(chosen(1))
    expect(chosen(1)).not.toEqual(chosen(2))
  })

  it('copies: what happens to a part does not happen to the whole', () => {
    const [rest] = holdOut(whole, { size: 30, seed: 1 })
    rest.images.fill(255)
    expect(whole.images.includes(255)).toBe(false)
  })

  it('holds out nothing and everything', () => {
    expect(holdOut(whole, { size: 0, seed: 1 }).map(({ size }) => size)).toEqual([100, 0])
    expect(holdOut(whole, { size: 100, seed: 1 }).map(({ size }) => size)).toEqual([0, 100])
    expect(() => holdOut(whole, { size: 101, seed: 1 })).toThrow(DatasetError)
  })
})
