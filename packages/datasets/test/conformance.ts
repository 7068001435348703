import { expect, it } from 'vitest'
import { crop, flip, rotate } from '../src/augmentation.js'
import type { Dataset } from '../src/dataset.js'
import { sha256 } from '../src/sha256.js'
import type { Split } from '../src/split.js'

/**
 * What every dataset keeps to, whatever it is and wherever it comes from. To be called in a `describe`.
 *
 * @param load loads the same data each time; both parts have 5 images at least
 */
export function conforms(load: () => Promise<Dataset>): void {
  let loaded: Promise<Dataset> | undefined
  const once = () => (loaded ??= load())
  const parts = async (): Promise<[Split, Dataset][]> => {
    const dataset = await once()
    return [dataset.train, dataset.test].map((part) => [part, dataset])
  }

  it('has a name, a source and classes, each by one name', async () => {
    const { name, source, classes } = await once()
    expect(name).toMatch(/^[a-z0-9-]+$/)
    expect(source).not.toBe('')
    expect(new Set(classes).size).toBe(classes.length)
    expect(classes.length).toBeGreaterThan(1)
  })

  it('has as many images, bytes and labels as it says, of one shape', async () => {
    for (const [{ size, shape, images, labels }, dataset] of await parts()) {
      expect(size).toBeGreaterThanOrEqual(5)
      expect(shape).toEqual(dataset.shape)
      expect(images.length).toBe(size * shape[0] * shape[1] * shape[2])
      expect(labels.length).toBe(size)
    }
  })

  it('has a class for every label, and images that are not empty', async () => {
    for (const [{ images, labels }, { classes }] of await parts()) {
      expect(labels.every((label) => label < classes.length)).toBe(true)
      expect(images.some((byte) => byte !== images[0])).toBe(true)
    }
  })

  it('is the same when it is loaded again, and names its very bytes', async () => {
    const [{ train, test, checksum }, again] = [await once(), await load()]
    expect(again.checksum).toBe(checksum)
    const bytes = [train.images, train.labels, test.images, test.labels].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    )
    expect(checksum).toBe(sha256(bytes))
    expect(checksum).toMatch(/^[0-9a-f]{64}$/)
  })

  it('shows its plain bytes, in order and shuffled', async () => {
    for (const [split, { shape }] of await parts()) {
      const bytes = shape[0] * shape[1] * shape[2]
      const first = [...split.inOrder({ size: 3 })][0]!
      expect(first.images).toEqual(Float32Array.from(split.images.subarray(0, 3 * bytes), (byte) => byte / 255))
      expect([...first.labels]).toEqual([...split.labels.subarray(0, 3)])
      // Sums of bytes do not depend on the order.
      let sum = 0
      for (const { images } of split.batches({ size: 1, seed: 1, epochs: 1 })) {
        for (const value of images) sum += Math.round(value * 255)
      }
      expect(sum).toBe(split.images.reduce((total, byte) => total + byte, 0))
    }
  })

  it('shows every image in order, the last batch being smaller', async () => {
    for (const [split] of await parts()) {
      const labels = [...split.inOrder({ size: split.size - 2 })].flatMap((batch) => [...batch.labels])
      expect(labels).toEqual([...split.labels])
    }
  })

  const augment = [flip(), crop(2), rotate(9)]

  it('gives the same batches by the same seed, others by another', async () => {
    for (const [split] of await parts()) {
      const batches = (seed: number) => [...split.batches({ size: 2, seed, augment, epochs: 1 })].slice(0, 20)
      expect(batches(7)).toEqual(batches(7))
      expect(batches(7)).not.toEqual(batches(8))
    }
  })

  it('goes on from a step as if it had not been interrupted', async () => {
    for (const [split] of await parts()) {
      const steps = Math.floor(split.size / 2)
      const options = { size: 2, seed: 3, augment }
      const take = (from: number, count: number) => {
        const taken = []
        for (const batch of split.batches({ ...options, from })) {
          taken.push(batch)
          if (taken.length === count) break
        }
        return taken
      }
      // Over the end of the first epoch.
      const from = Math.max(steps - 3, 0)
      expect(take(from + 2, 4)).toEqual(take(from, 6).slice(2))
      expect(take(from, 6).map(({ step }) => step)).toEqual(Array.from({ length: 6 }, (_, i) => from + i))
    }
  })

  it('gives values from 0 to 1 and the labels of a batch, augmented too', async () => {
    for (const [split, { shape }] of await parts()) {
      const [batch] = split.batches({ size: 4, seed: 1, augment })
      expect(batch!.images.length).toBe(4 * shape[0] * shape[1] * shape[2])
      expect(batch!.images.every((value) => value >= 0 && value <= 1)).toBe(true)
      expect(batch!.labels).toBeInstanceOf(Int32Array)
      expect(batch!.labels.length).toBe(4)
    }
  })
}
