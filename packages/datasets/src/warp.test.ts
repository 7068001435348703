import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Augmentation, crop, flip, rotate } from './augmentation.js'
import { cosSin } from './cos-sin.js'
import { type Random, random } from './random.js'
import { drawWarp, type ImageShape, scaleImage, warpImage } from './warp.js'

/** One augmentation after the other, each from image to image, pixel by pixel. */
function oneByOne(list: readonly Augmentation[], shape: ImageShape, bytes: Uint8Array, random: Random): Uint8Array {
  const [height, width, channels] = shape
  return list.reduce((image, augmentation) => {
    const source = sourceOf(augmentation, shape, random)
    const changed = new Uint8Array(image.length)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [fromX, fromY] = source(x, y)
        if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
        const from = (fromY * width + fromX) * channels
        changed.set(image.subarray(from, from + channels), (y * width + x) * channels)
      }
    }
    return changed
  }, bytes)
}

function sourceOf(augmentation: Augmentation, [height, width]: ImageShape, random: Random) {
  switch (augmentation.kind) {
    case 'flip': {
      const flipped = random.unit() < augmentation.probability
      return (x: number, y: number) => [flipped ? width - 1 - x : x, y] as const
    }
    case 'crop': {
      const { padding } = augmentation
      const right = random.below(2 * padding + 1) - padding
      const down = random.below(2 * padding + 1) - padding
      return (x: number, y: number) => [x + right, y + down] as const
    }
    case 'rotate': {
      const [cos, sin] = cosSin((2 * random.unit() - 1) * augmentation.degrees).map((value) =>
        Math.round(value * 65536),
      )
      return (x: number, y: number) => {
        const [u, v] = [2 * x + 1 - width, 2 * y + 1 - height]
        return [
          Math.floor((cos! * u - sin! * v) / 131072 + width / 2),
          Math.floor((sin! * u + cos! * v) / 131072 + height / 2),
        ] as const
      }
    }
  }
}

const augmentation = fc.oneof(
  fc.constant(flip()),
  fc.nat({ max: 12 }).map((padding) => crop(padding)),
)
const list = fc
  .tuple(fc.array(augmentation, { maxLength: 3 }), fc.array(fc.integer({ min: 0, max: 180 }).map(rotate), { maxLength: 1 }), fc.array(augmentation, { maxLength: 3 })) // biome-ignore format: one rotation anywhere
  .map((parts) => parts.flat())
const shape = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }))

describe('warpImage', () => {
  it('does in one pass what the augmentations do one by one', () => {
    fc.assert(
      fc.property(list, shape, fc.maxSafeNat(), (augmentations, size, seed) => {
        const bytes = Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => 1 + (i % 255))
        const output = new Float32Array(bytes.length)
        warpImage(drawWarp(augmentations, size, random(seed)), size, bytes, output)
        const expected = oneByOne(augmentations, size, bytes, random(seed))
        expect(output).toEqual(Float32Array.from(expected, (byte) => byte / 255))
      }),
      { numRuns: 2000 },
    )
  })

  it('turns counterclockwise by positive angles: a quarter turn brings the right side to the top', () => {
    const quarter: Random = { unit: () => 1, below: () => 0, uint32: () => 0 }
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    const output = new Float32Array(9)
    warpImage(drawWarp([rotate(90)], [3, 3, 1], quarter), [3, 3, 1], bytes, output)
    expect([...output].map((value) => Math.round(value * 255))).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7])
  })

  it('draws shifts of every size up to the padding, as often right as left', () => {
    const counts = new Map<number, number>()
    for (let seed = 0; seed < 9000; seed++) {
      const { right } = drawWarp([crop(4)], [32, 32, 3], random(seed)).beforeTurn
      counts.set(right, (counts.get(right) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4])
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('scaleImage', () => {
  it('is byte / 255 in f32 for every byte', () => {
    const output = new Float32Array(256)
    scaleImage(
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      output,
    )
    output.forEach((value, byte) => {
      expect(value).toBe(Math.fround(byte / 255))
    })
  })
})
