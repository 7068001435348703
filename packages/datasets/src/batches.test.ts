import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crop, flip, rotate } from './augmentation.js'
import { DatasetError } from './dataset-error.js'
import { split } from './split.js'

/** Images of which each byte says which image it belongs to. */
const numbered = (size: number) =>
  split({
    images: Uint8Array.from({ length: size * 6 }, (_, i) => Math.floor(i / 6)),
    labels: Uint8Array.from({ length: size }, (_, i) => i),
    shape: [1, 2, 3],
  })
const augment = [flip(), crop(1), rotate(20)]

describe('batches', () => {
  it('show every image once an epoch, in another order each, and leave what does not fill a batch', () => {
    const batches = [...numbered(10).batches({ size: 3, seed: 1, epochs: 50 })]
    expect(batches.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => i))
    expect(batches.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 150 }, (_, i) => Math.floor(i / 3)))
    const seen = new Map<number, number>()
    const orders = new Set<string>()
    for (let epoch = 0; epoch < 50; epoch++) {
      const labels = batches.slice(epoch * 3, epoch * 3 + 3).flatMap((batch) => [...batch.labels])
      expect(new Set(labels).size).toBe(9)
      orders.add(labels.join())
      for (const label of labels) seen.set(label, (seen.get(label) ?? 0) + 1)
    }
    expect(orders.size).toBe(50)
    // The image that is left out is another one in every epoch.
    expect(seen.size).toBe(10)
  })

  it('go together: images with their labels, as byte / 255', () => {
    for (const { images, labels, size } of numbered(20).batches({ size: 4, seed: 2, epochs: 1 })) {
      expect(size).toBe(4)
      expect(images).toEqual(Float32Array.from({ length: 24 }, (_, i) => labels[Math.floor(i / 6)]! / 255))
    }
  })

  it('go on from any step as if they had not been interrupted', () => {
    const data = numbered(17)
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 40 }), fc.integer({ min: 1, max: 17 }), (seed, from, size) => {
        const options = { size, seed, augment, epochs: 8 }
        expect([...data.batches({ ...options, from })]).toEqual([...data.batches(options)].slice(from))
      }),
      { numRuns: 50 },
    )
  })

  it('have no end unless they are given one, and begin anew each time they are asked for', () => {
    const batches = numbered(4).batches({ size: 2, seed: 3, from: 1_000_000 })
    for (const _ of [1, 2]) {
      const [first] = batches
      expect(first).toMatchObject({ step: 1_000_000, epoch: 500_000 })
    }
  })

  it('augment an image by the seed, the epoch and the image, whatever batch it is in', () => {
    const images = (size: number) => {
      const found = new Map<string, Float32Array>()
      for (const batch of numbered(12).batches({ size, seed: 4, augment, epochs: 2 })) {
        batch.labels.forEach((label, i) => {
          found.set(`${batch.epoch} ${label}`, batch.images.slice(i * 6, i * 6 + 6))
        })
      }
      return found
    }
    expect(images(3)).toEqual(images(4))
    const [first, second] = [0, 1].map((epoch) => [...images(3)].filter(([key]) => key.startsWith(`${epoch}`)))
    expect(first!.map(([, pixels]) => pixels)).not.toEqual(second!.map(([, pixels]) => pixels))
  })

  it.each([
    { size: 0, seed: 1 },
    { size: 11, seed: 1 },
    { size: 2.5, seed: 1 },
    { size: 2, seed: -1 },
    { size: 2, seed: 1, from: -1 },
    { size: 2, seed: 1, epochs: 0.5 },
    { size: 2, seed: 1, augment: [rotate(1), rotate(2)] },
  ])('refuse %o at once, not at the first batch', (options) => {
    expect(() => numbered(10).batches(options)).toThrow(DatasetError)
  })
})

describe('inOrder', () => {
  it('shows every image once, the last batch being smaller', () => {
    const batches = [...numbered(10).inOrder({ size: 4 })]
    expect(batches.map(({ size, labels }) => [size, [...labels]])).toEqual([
      [4, [0, 1, 2, 3]],
      [4, [4, 5, 6, 7]],
      [2, [8, 9]],
    ])
    expect(batches[2]!.images).toEqual(Float32Array.from({ length: 12 }, (_, i) => Math.floor(8 + i / 6) / 255))
  })

  it('takes a batch that is larger than the split, and shows nothing of nothing', () => {
    expect([...numbered(3).inOrder({ size: 100 })].map(({ size }) => size)).toEqual([3])
    expect([...numbered(0).inOrder({ size: 100 })]).toEqual([])
    expect(() => numbered(3).inOrder({ size: 0 })).toThrow(DatasetError)
  })
})
