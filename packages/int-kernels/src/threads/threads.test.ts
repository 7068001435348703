import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type ConvolutionCase, convolutionNetwork } from '../../test/convolution-network.js'
import { engines } from '../../test/engines.js'
import { randomNetwork } from '../../test/random-network.js'
import { encodeNetwork, IntegerNetworkError, type Network } from '../format/index.js'
import { IntegerNetwork, type LoadOptions } from '../integer-network.js'
import { syntheticCnn } from '../synthetic/synthetic-cnn.js'

const open: IntegerNetwork[] = []
const load = async (network: Network, options: LoadOptions): Promise<IntegerNetwork> => {
  const loaded = await IntegerNetwork.load(encodeNetwork(network), options)
  open.push(loaded)
  return loaded
}
const imageOf = ({ input }: Network, images: number): Float32Array =>
  Float32Array.from(
    { length: images * input.shape.reduce((product, n) => product * n, 1) },
    (_, i) => ((i * 0.618) % 1) * 4 - 2,
  )

const small: ConvolutionCase = {
  height: 7,
  width: 7,
  channels: 16,
  filters: 32,
  size: [3, 3],
  stride: [1, 1],
  padding: 'same',
  groups: 1,
  inputLevels: 256,
  weightLevels: 256,
  perFilter: true,
  codes: 'random',
  seed: 1,
}

const deep: ConvolutionCase = { ...small, channels: 64, filters: 128 }

afterEach(() => {
  for (const network of open.splice(0)) network.close()
})

// Where memory cannot be shared, as in a page that is not isolated, these compare one thread with one.
describe.each(engines)('threads on %s', (_, engine) => {
  it.each([
    ['CNN10 of 8 bits', syntheticCnn('CNN10', { bits: 8 })],
    ['CNN10 of 4 bits', syntheticCnn('CNN10', { bits: 4 })],
    ['CNN10 of 2 bits', syntheticCnn('CNN10', { bits: 2 })],
    ['a small image, whose rows are cut together', convolutionNetwork({ ...small, height: 7, width: 7 })],
    ['an image of few rows', convolutionNetwork({ ...small, height: 4, width: 5 })],
    ['mostly weights, 8 bits, filters that make no whole panels', convolutionNetwork({ ...deep, filters: 92 })],
    ['mostly weights, 4 bits', convolutionNetwork({ ...deep, inputLevels: 16, weightLevels: 16, filters: 92 })],
    ['mostly weights, 2 bits', convolutionNetwork({ ...deep, inputLevels: 4, weightLevels: 4, stride: [2, 2] })],
  ])('give the same bits: %s', async (_, network) => {
    const images = imageOf(network, 2)
    const one = await load(network, { engine })
    const two = await load(network, { engine, threads: 2 })
    const three = await load(network, { engine, threads: 3 })
    const expected = one.run(images)
    for (let run = 0; run < 3; run++) {
      expect(two.run(images)).toEqual(expected)
      expect(three.run(images)).toEqual(expected)
    }
  })

  it('give the same bits for any network', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), fc.integer({ min: 2, max: 3 }), async (seed, threads) => {
        const network = randomNetwork(seed)
        const [one, several] = [await load(network, { engine }), await load(network, { engine, threads })]
        expect(several.run(imageOf(network, 2))).toEqual(one.run(imageOf(network, 2)))
        for (const network of open.splice(0)) network.close()
      }),
      { numRuns: 20 },
    )
  })
})

describe('IntegerNetwork', () => {
  it('refuses numbers of threads that are none', async () => {
    for (const threads of [0, 1.5, 65, Number.NaN]) {
      await expect(load(syntheticCnn('CNN6', { bits: 2 }), { threads })).rejects.toThrow(IntegerNetworkError)
    }
  })

  it('does not run when it is closed', async () => {
    const network = syntheticCnn('CNN6', { bits: 2 })
    const loaded = await load(network, { threads: 2 })
    loaded.close()
    loaded.close()
    expect(() => loaded.run(imageOf(network, 1))).toThrow(IntegerNetworkError)
  })
})
