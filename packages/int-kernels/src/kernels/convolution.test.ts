import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConvolutionCase, convolutionNetwork, imageFor } from '../../test/convolution-network.js'
import { engines } from '../../test/engines.js'
import type { Engine } from '../engine.js'
import { encodeNetwork } from '../format/index.js'
import { IntegerNetwork } from '../integer-network.js'
import { runReference } from '../reference/index.js'

async function expectReference(test: ConvolutionCase, engine: Engine): Promise<void> {
  const network = convolutionNetwork(test)
  const image = imageFor(test)
  const loaded = await IntegerNetwork.load(encodeNetwork(network), { engine })
  const expected = runReference(network, image)
  const wrong = [...loaded.run(image)].findIndex((x, i) => !Object.is(x, expected[i]))
  expect(wrong, `the first wrong output of ${JSON.stringify(test)}`).toBe(-1)
}

const base: ConvolutionCase = {
  height: 6,
  width: 7,
  channels: 8,
  filters: 8,
  size: [3, 3],
  stride: [1, 1],
  padding: 'same',
  groups: 1,
  inputLevels: 16,
  weightLevels: 16,
  perFilter: false,
  codes: 'random',
  seed: 1,
}

const sizes = [1, 2, 3, 5, 7].map((n): ConvolutionCase => ({ ...base, size: [n, n], height: 8, width: 9 }))
const strides = sizes.map((test): ConvolutionCase => ({ ...test, stride: [2, 2] }))
const valid = [...sizes, ...strides].map((test): ConvolutionCase => ({ ...test, padding: 'valid' }))
const channels = [1, 2, 3, 5, 9, 16, 17, 31, 32, 48, 70].map(
  (n): ConvolutionCase => ({ ...base, channels: n, filters: 71 - n }),
)
const widths = [1, 2, 4, 6, 13, 14].map((n): ConvolutionCase => ({ ...base, height: 15 - n, width: n, channels: 16 }))
const levels = [2, 3, 4, 5, 8, 16, 25, 32, 64, 100, 128, 129, 200, 256].flatMap((n): ConvolutionCase[] => [
  { ...base, inputLevels: n, weightLevels: n, channels: 64 },
  { ...base, inputLevels: n, weightLevels: 4, channels: 16 },
  { ...base, inputLevels: 4, weightLevels: n, channels: 16, perFilter: true },
])
const extremes = [4, 16, 32, 64, 128, 256].flatMap((n) =>
  (['highest', 'lowest', 'alternating'] as const).map(
    (codes): ConvolutionCase => ({ ...base, codes, inputLevels: n, weightLevels: n, channels: 64, padding: 'valid' }),
  ),
)
const groups: ConvolutionCase[] = [
  { ...base, groups: 2 },
  { ...base, groups: 4, channels: 16, filters: 32, perFilter: true },
  { ...base, groups: 3, channels: 9, filters: 6 },
  { ...base, groups: 8 },
  { ...base, groups: 13, channels: 13, filters: 13, stride: [2, 2], inputLevels: 256, weightLevels: 256 },
  { ...base, groups: 5, channels: 5, filters: 10 },
]

// Large enough for Winograd's transforms to be worth it; sizes odd and even, and channels that do not fill vectors.
const winograd = [2, 3, 4, 5, 7, 8].flatMap((n): ConvolutionCase[] => [
  { ...base, height: n, width: n + 1, channels: 32, filters: 32 },
  { ...base, height: n + 2, width: 9, channels: 24 + n, filters: 16 + n, padding: 'valid', inputLevels: 2 ** n },
  { ...base, height: 30, width: 2 * n, channels: 64, filters: 16, inputLevels: 2 ** n, weightLevels: 2 ** n },
  { ...base, height: n, width: 7, channels: 33, filters: 17, inputLevels: 2 ** n, weightLevels: 8, perFilter: true },
])
const winogradExtremes = extremes.map((test): ConvolutionCase => ({ ...test, filters: 20, padding: 'same' }))

// Codes and weights of up to 4 values, and filters by 16, are looked up.
const lookup = [1, 2, 3, 5, 16, 31].flatMap((n): ConvolutionCase[] =>
  [
    { ...base, channels: n, filters: 16, size: [2, 2] as const },
    { ...base, channels: n, filters: 48, size: [3, 1] as const, stride: [2, 1] as const, width: Math.min(n, 7) },
    { ...base, channels: 3 * n, filters: 96, size: [1, 1] as const, codes: 'highest' as const },
    { ...base, channels: 3 * n, filters: 32, size: [5, 5] as const, codes: 'lowest' as const },
    { ...base, channels: n, filters: 32, size: [6, 7] as const, padding: 'valid' as const },
  ].flatMap((test) => [2, 3, 4].map((levels) => ({ ...test, inputLevels: levels, weightLevels: 6 - levels }))),
)

describe.each(engines)('convolution kernels on %s', (_, engine) => {
  it.each(
    Object.entries({
      sizes,
      strides,
      valid,
      channels,
      widths,
      levels,
      extremes,
      groups,
      winograd,
      winogradExtremes,
      lookup,
    }),
  )('give the sums of the reference: %s', async (_, cases) => {
    for (const test of cases) await expectReference(test, engine)
  })

  it('give the sums of the reference for any 3x3 convolution', async () => {
    const one = fc.record<ConvolutionCase>({
      height: fc.integer({ min: 4, max: 11 }),
      width: fc.integer({ min: 4, max: 11 }),
      channels: fc.integer({ min: 20, max: 70 }),
      filters: fc.integer({ min: 15, max: 40 }),
      size: fc.constant([3, 3]),
      stride: fc.constant([1, 1]),
      padding: fc.constantFrom('valid', 'same'),
      groups: fc.constant(1),
      inputLevels: fc.integer({ min: 2, max: 256 }),
      weightLevels: fc.integer({ min: 2, max: 256 }),
      perFilter: fc.boolean(),
      codes: fc.constantFrom('random', 'highest', 'lowest', 'alternating'),
      seed: fc.nat(1000),
    })
    await fc.assert(
      fc.asyncProperty(one, (test) => expectReference(test, engine)),
      { numRuns: 40 },
    )
  })

  it('give the sums of the reference for any shape', async () => {
    const one = fc.record<ConvolutionCase>({
      height: fc.integer({ min: 7, max: 12 }),
      width: fc.integer({ min: 7, max: 12 }),
      channels: fc.integer({ min: 1, max: 70 }),
      filters: fc.integer({ min: 1, max: 40 }),
      size: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      padding: fc.constantFrom('valid', 'same'),
      groups: fc.constant(1),
      inputLevels: fc.integer({ min: 2, max: 256 }),
      weightLevels: fc.integer({ min: 2, max: 256 }),
      perFilter: fc.boolean(),
      codes: fc.constantFrom('random', 'highest', 'lowest', 'alternating'),
      seed: fc.nat(1000),
    })
    await fc.assert(
      fc.asyncProperty(one, (test) => expectReference(test, engine)),
      { numRuns: 60 },
    )
  })
})
