import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { distributions, generator, squaredError } from '../test/distributions.js'
import { tableMemory, tableOfValues } from './cumulative-table.js'
import { histogram } from './histogram.js'
import { minMax } from './min-max.js'
import { mmse, ternarySearch } from './mmse.js'
import { mmseExhaustive } from './mmse-exhaustive.js'
import { fakeQuantize, quantize } from './quantize.js'
import type { ChannelRange } from './range.js'
import { affine, symmetric } from './scheme.js'
import { exactFit } from './squared-error.js'

describe.each(Object.entries(distributions))('mmse on values that are %s', (_, draw) => {
  const random = generator(7)
  const values = Float32Array.from({ length: 4096 }, () => draw(random))

  it.each([3, 4, 8, 16, 256])('with %i levels comes within a few percent of the exhaustive search', (levels) => {
    for (const scheme of [affine({ levels }), symmetric({ levels })]) {
      const found = squaredError(values, mmse(values, scheme))
      const least = squaredError(values, mmseExhaustive(values, scheme))
      expect(found / least).toBeGreaterThan(0.99999)
      expect(found / least).toBeLessThan(1.03)
    }
  })

  it.each([3, 4, 8, 16])('with %i levels does as well on a histogram of them', (levels) => {
    const onValues = squaredError(values, mmse(values, affine({ levels })))
    const onHistogram = squaredError(values, mmse(histogram(values), affine({ levels })))
    expect(onHistogram / onValues).toBeLessThan(1.02)
  })

  it.each([
    [4, 1e-4],
    [16, 1e-4],
    [256, 2e-3],
  ])('with %i levels reckons an error within %f of the exact one', (levels, tolerance) => {
    for (const length of [100, 4096]) {
      const some = values.subarray(0, length)
      const { error, scale, zeroPoint } = ternarySearch(
        tableOfValues(some, tableMemory(Math.max(4096, 32 * levels))),
        affine({ levels }),
      )
      const exact = exactFit(some, Math.fround(scale), zeroPoint, levels).error
      expect(Math.abs(error / exact - 1)).toBeLessThan(tolerance)
    }
  })

  it('never does worse than covering all values', () => {
    for (const bits of [2, 3, 4, 5, 6, 7, 8]) {
      const covering = squaredError(values, minMax(values, affine({ bits })))
      expect(squaredError(values, mmse(values, affine({ bits })))).toBeLessThanOrEqual(covering * 1.0001)
    }
  })
})

const trained = new URL('../../../../shared/data/resnet-cifar10/resnet20-cifar10.safetensors', import.meta.url)

describe.skipIf(!existsSync(trained))('mmse on the filters of a trained ResNet-20 (skipped without its file)', () => {
  // OIHW kernels; a safetensors file is a length, a JSON header of that length, and the bytes it points into.
  const kernels = () => {
    const file = readFileSync(trained)
    const data = 8 + Number(file.readBigUInt64LE(0))
    const header: Record<string, { shape: number[]; data_offsets: [number, number] }> = JSON.parse(
      file.subarray(8, data).toString(),
    )
    return Object.values(header)
      .filter(({ shape }) => shape?.length === 4)
      .map(({ shape, data_offsets: [from, to] }) => {
        return {
          shape,
          values: new Float32Array(file.buffer.slice(file.byteOffset + data + from, file.byteOffset + data + to)),
        }
      })
  }

  it.each([2, 3, 4, 8])('at %i bits comes within a few percent of the exhaustive search', (bits) => {
    for (const { shape, values } of kernels().slice(0, 12)) {
      const scheme = affine({ bits, axis: 0 })
      const error = (range: ChannelRange) =>
        fakeQuantize(values, range, shape).reduce((total, x, i) => total + (x - values[i]!) ** 2, 0)
      const ratio = error(mmse(values, scheme, shape)) / error(mmseExhaustive(values, scheme, shape))
      expect(ratio).toBeGreaterThan(0.99999)
      // At 8 bits the few weights of a filter leave the ternary search among many small minima.
      const most = bits < 8 ? 1.06 : values.length < 1000 ? 1.6 : 1.1
      expect(ratio).toBeLessThan(most)
    }
  })
})

describe('mmse', () => {
  it('comes near the known optimum of a Gaussian: 4 levels, all on integer multiples of one step', () => {
    const random = generator(3)
    const values = Float32Array.from({ length: 200_000 }, () => distributions.gaussian!(random))
    const { scale, zeroPoint, levels } = mmse(values, affine({ bits: 2 }))
    // Reckoned by numerical integration of (x - s * k)^2 over the density, k in -2..1 or -1..2.
    expect(scale).toBeGreaterThan(1.02)
    expect(scale).toBeLessThan(1.06)
    expect([1, 2]).toContain(zeroPoint)
    expect(levels).toBe(4)
  })

  it('finds the step of values that are quantized already', () => {
    const values = Float32Array.from({ length: 300 }, (_, i) => 0.25 * ((i % 7) - 2))
    const range = mmse(values, affine({ levels: 7 }))
    expect(range).toEqual({ scale: 0.25, zeroPoint: 2, levels: 7 })
    expect(new Set(quantize(values, range)).size).toBe(7)
  })

  it('gives up an outlier of a hundred thousand values, and keeps it among a hundred', () => {
    const random = generator(5)
    const values = Float32Array.from({ length: 100_000 }, () => distributions.gaussian!(random))
    values[17] = 50
    expect(mmse(values, affine({ bits: 4 })).scale).toBeLessThan(1)
    expect(mmse(values.subarray(0, 100), affine({ bits: 4 })).scale).toBeGreaterThan(2)
  })
})
