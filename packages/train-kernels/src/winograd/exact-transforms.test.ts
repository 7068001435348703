import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integers, paths, random, valuesWithKernels } from '../../test/backends.js'
import { convolutionOf } from '../convolution/conv-shape.js'
import { convInfo } from '../kernels/conv2d.js'
import { exactTransforms4, isExact4 } from './exact-transforms.js'
import { cheapestPlan, winogradPlan } from './plan.js'

type Image = [batch: number, height: number, width: number, channels: number]

/** Integers at the ends of an interval and in between: the ends alone, wherever they come together, make the largest sums. */
function extremes(size: number, seed: number, minimum: number, maximum: number): Float32Array {
  const next = random(seed)
  const ends = [minimum, maximum, maximum]
  return Float32Array.from({ length: size }, () => ends[Math.floor(3 * next())] ?? 0)
}

/** A quantized convolution whose operands are known, and the same of operands of which nothing is known. */
function knownAndDirect(
  image: Image,
  outputs: number,
  x: Float32Array,
  w: Float32Array,
  bounds: number[],
): tf.Tensor[] {
  const [minimum, maximum, weightMinimum, weightMaximum] = bounds as [number, number, number, number]
  const run = (name: string, given: tf.NamedTensorMap, attrs: tf.NamedAttrMap = {}) =>
    tf.engine().runKernel<tf.Tensor>(name, given, attrs)
  const fill = (value: number) => tf.fill([outputs], value)
  const raw = tf.tensor4d(w, [3, 3, image[3], outputs])
  const intervals = { inverseScale: fill(1), minimum: fill(weightMinimum), maximum: fill(weightMaximum) }
  const known = {
    x: run('LowbitQuantize', { x: tf.tensor4d(x, image) }, { inverseScale: 1, minimum, maximum }),
    filter: run('LowbitQuantizeFilters', { w: raw, mask: tf.onesLike(raw), ...intervals }),
  }
  const rest = { bias: tf.tensor1d(integers(outputs, 3, 100)), scale: tf.tensor1d(extremes(outputs, 4, 0.5, 2)) }
  const attrs = { strides: 1, pad: 'same', dilations: 1 }
  return [known, { x: tf.tensor4d(x, image), filter: raw }].map((operands) =>
    run('LowbitConv2D', { ...operands, ...rest }, attrs),
  )
}

/** That such a convolution does go by these tiles. */
function expectTilesOf4([batch, height, width, channels]: Image, outputs: number): void {
  const info = convInfo({ strides: 1, pad: 'same' }, [batch, height, width, channels], [3, 3, channels, outputs])
  const plan = winogradPlan(
    convolutionOf(info),
    exactTransforms4((values) => values),
  )
  expect(cheapestPlan(convolutionOf(info), [plan])).toBeDefined()
}

describe('exact tiles of 4x4', () => {
  it.each([
    [0, 15, -8, 7, 64, 16],
    [-8, 7, -9, 6, 64, 16],
    [-15, 0, -15, 0, 32, 20],
    [0, 31, -16, 15, 32, 8],
    [0, 3, -1, 2, 64, 16],
  ])('give the bits of a direct convolution: inputs %d..%d, weights %d..%d, %d channels to %d', async (...given) => {
    const [minimum, maximum, weightMinimum, weightMaximum, channels, outputs] = given
    const image: Image = [2, 9, 16, channels]
    expect(isExact4(maximum - minimum, Math.max(-weightMinimum, weightMaximum), channels)).toBe(true)
    expectTilesOf4(image, outputs)
    const x = extremes(2 * 9 * 16 * channels, 1, minimum, maximum)
    const w = extremes(9 * channels * outputs, 2, weightMinimum, weightMaximum)
    for (const path of paths) {
      const [known, direct] = await valuesWithKernels(path, () =>
        knownAndDirect(image, outputs, x, w, [minimum, maximum, weightMinimum, weightMaximum]),
      )
      expect(known).toEqual(direct)
    }
  })

  it('hide no NaN, wherever in a tile it is', async () => {
    const image: Image = [36, 6, 6, 16]
    const x = extremes(36 * 36 * 16, 1, 0, 3)
    for (let i = 0; i < 36; i++) x[(36 * i + i) * 16 + (i % 16)] = Number.NaN
    const w = extremes(9 * 16 * 16, 2, -2, 1)
    expectTilesOf4(image, 16)
    for (const path of paths) {
      const [known, direct] = await valuesWithKernels(path, () => knownAndDirect(image, 16, x, w, [0, 3, -2, 1]))
      for (const [i, value] of direct!.entries()) if (Number.isNaN(value)) expect(known![i]).toBeNaN()
      // Other tiles and other images stay what they are.
      for (const [i, value] of known!.entries()) if (!Number.isNaN(value)) expect(value).toBe(direct![i])
      expect(known!.filter((value) => Number.isNaN(value)).length).toBeLessThanOrEqual(36 * 36 * 16)
      expect(known!.some((value) => !Number.isNaN(value))).toBe(true)
    }
  })
})

describe('isExact4', () => {
  it('holds at 4 bits up to 128 channels, at 5 up to 32, not at 8', () => {
    expect(isExact4(15, 9, 128)).toBe(true)
    expect(isExact4(31, 16, 32)).toBe(true)
    expect(isExact4(31, 16, 64)).toBe(false)
    expect(isExact4(255, 128, 4)).toBe(false)
  })

  it('is a bound that no factors of integers break', () => {
    const Bt = [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ]
    const G = [
      [1, 0, 0],
      [1, 1, 1],
      [1, -1, 1],
      [1, 2, 4],
      [1, -2, 4],
      [0, 0, 1],
    ]
    const product = (a: readonly number[], b: readonly number[]) => a.flatMap((x) => b.map((y) => x * y))
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    // The largest factors come of inputs at the ends of their interval, each where its coefficient wants it.
    const largestFactor = (a: readonly number[], minimum: number, maximum: number) =>
      Math.max(
        sum(a.map((x) => Math.max(x * minimum, x * maximum))),
        -sum(a.map((x) => Math.min(x * minimum, x * maximum))),
      )
    fc.assert(
      fc.property(fc.nat(15), fc.nat(15), fc.integer({ min: 1, max: 16 }), (below, above, weight) => {
        const products = Bt.flatMap((b, i) =>
          Bt.map((other, j) => {
            const kernel = sum(product(G[i]!, G[j]!).map(Math.abs)) * weight
            return largestFactor(product(b, other), -below, above) * kernel
          }),
        )
        expect(Math.max(...products)).toBeLessThanOrEqual(18 * 49 * (below + above) * weight)
      }),
    )
  })
})
