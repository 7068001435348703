import { describe, expect, it } from 'vitest'
import { DatasetError } from './dataset-error.js'
import { generated } from './generated.js'
import { take } from './split.js'

const small = generated({ seed: 1, train: 2000, test: 1000 })

describe('generated', () => {
  it('makes these very images, on every engine and in every version', () => {
    expect(generated({ seed: 0, train: 100, test: 50 }).checksum).toMatchInlineSnapshot(
      `"ea85f9182c7ab8a7a7cb20e3b102f3a6b2d4d7a95786d61db3114505d4277fe3"`,
    )
  })

  it('makes image i the same however many there are, and others with another seed', () => {
    const more = generated({ seed: 1, train: 100, test: 1000 })
    expect(more.train.images).toEqual(take(small.train, 100).images)
    expect(generated({ seed: 2, train: 100, test: 0 }).train.images).not.toEqual(more.train.images)
    expect(more.test.images.subarray(0, 3072 * 100)).not.toEqual(more.train.images)
  })

  it('has as many images of each class', () => {
    for (const { labels } of [small.train, small.test]) {
      const counts = small.classes.map((_, label) => labels.filter((x) => x === label).length)
      expect(new Set(counts).size).toBe(1)
    }
  })

  it('uses the whole range of bytes', () => {
    const counts = new Uint32Array(256)
    for (const byte of small.train.images) counts[byte]!++
    expect(counts.every((count) => count > 0)).toBe(true)
  })

  it('cannot be told by the mean images of the classes', () => {
    // A linear view of the pixels is worth next to nothing: shapes have to be seen.
    const means = small.classes.map((_, label) => {
      const mean = new Float64Array(3072)
      small.train.labels.forEach((other, image) => {
        if (other === label) for (let i = 0; i < 3072; i++) mean[i]! += small.train.images[image * 3072 + i]! / 200
      })
      return mean
    })
    let right = 0
    small.test.labels.forEach((label, image) => {
      const pixels = small.test.images.subarray(image * 3072, (image + 1) * 3072)
      const distances = means.map((mean) => mean.reduce((sum, x, i) => sum + (x - pixels[i]!) ** 2, 0))
      if (distances.indexOf(Math.min(...distances)) === label) right++
    })
    expect(right / small.test.size).toBeLessThan(0.25)
  })

  it.each([
    { seed: -1, train: 1, test: 1 },
    { seed: 1, train: -1, test: 1 },
    { seed: 1, train: 1, test: 0.5 },
    { seed: 1, train: 1e9, test: 1 },
  ])('refuses %o', (options) => {
    expect(() => generated(options)).toThrow(DatasetError)
  })
})
