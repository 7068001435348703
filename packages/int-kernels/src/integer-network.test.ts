import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { engines } from '../test/engines.js'
import { exampleNetwork } from '../test/example-network.js'
import { randomNetwork } from '../test/random-network.js'
import { detectEngine, plainEngine } from './engine.js'
import { decodeNetwork, encodeNetwork, IntegerNetworkError, type Network } from './format/index.js'
import { IntegerNetwork } from './integer-network.js'
import { runReference } from './reference/index.js'
import { generator } from './synthetic/network-builder.js'
import { syntheticCnn } from './synthetic/synthetic-cnn.js'

const imageOf = ({ input }: Network, seed: number): Float32Array => {
  const random = generator(seed)
  return Float32Array.from({ length: input.shape.reduce((product, n) => product * n, 1) }, () => random() * 4 - 2)
}

describe.each(engines)('IntegerNetwork on %s', (_, engine) => {
  it('gives the bits of the reference for every operator, one image after the other', async () => {
    const network = exampleNetwork()
    const images = [1, 2, 3].map((seed) => imageOf(network, seed))
    const loaded = await IntegerNetwork.load(encodeNetwork(network), { engine })
    const expected = images.flatMap((image) => [...runReference(network, image)])
    expect(loaded.run(Float32Array.from(images.flatMap((image) => [...image])))).toEqual(Float32Array.from(expected))
  })

  it('gives the bits of the reference for any network', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
        const network = randomNetwork(seed)
        const loaded = await IntegerNetwork.load(encodeNetwork(network), { engine })
        for (const image of [imageOf(network, 1), imageOf(network, 2)]) {
          const expected = runReference(network, image)
          const wrong = [...loaded.run(image)].findIndex((x, i) => !Object.is(x, expected[i]))
          expect(wrong, `the first wrong output of network ${seed}`).toBe(-1)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('IntegerNetwork of a damaged file', () => {
  it('is refused, or computes what the reference computes of it', async () => {
    const file = encodeNetwork(exampleNetwork())
    const flips = fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 2,
    })
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const bytes = file.slice()
        for (const [at, flip] of changes) bytes[at]! ^= flip
        const loaded = await IntegerNetwork.load(bytes).catch((error: unknown) => {
          if (error instanceof IntegerNetworkError) return undefined
          throw error
        })
        if (loaded === undefined) return
        accepted++
        const network = decodeNetwork(bytes)
        const image = imageOf(network, 1)
        expect(loaded.run(image)).toEqual(runReference(network, image))
      }),
      { numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(10)
  })
})

describe('IntegerNetwork', () => {
  it('compiles nothing and takes no memory for a file that it refuses', async () => {
    const file = encodeNetwork(exampleNetwork())
    const compile = vi.spyOn(WebAssembly, 'compile')
    const memory = vi.spyOn(WebAssembly, 'Memory')
    detectEngine()
    memory.mockClear()
    await expect(IntegerNetwork.load(file.subarray(0, file.length - 1))).rejects.toThrow(IntegerNetworkError)
    expect(compile).not.toHaveBeenCalled()
    expect(memory).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('keeps the memory that it was loaded with, however much it runs', async () => {
    const network = syntheticCnn('CNN10', { bits: 4 })
    const loaded = await IntegerNetwork.load(encodeNetwork(network), { engine: plainEngine })
    const before = loaded.memoryBytes
    loaded.run(new Float32Array(5 * 32 * 32 * 3).fill(0.5))
    expect(loaded.memoryBytes).toBe(before)
    // Weights of i16, transformed for Winograd where that is worth it, and the largest layers with their halos.
    expect(before).toBeLessThan(1.5 * 2 ** 20)
  })

  it('says which sizes it takes', async () => {
    const loaded = await IntegerNetwork.load(encodeNetwork(exampleNetwork()))
    expect(loaded.inputShape).toEqual([9, 8, 3])
    expect(loaded.outputShape).toEqual([10])
    for (const length of [0, 1, 9 * 8 * 3 + 1]) {
      expect(() => loaded.run(new Float32Array(length))).toThrow(IntegerNetworkError)
    }
  })

  it('gives infinities and NaN the codes that the reference gives them', async () => {
    const network = exampleNetwork()
    const image = imageOf(network, 1)
    image.set([Infinity, -Infinity, NaN, 3e38, -3e38], 40)
    const loaded = await IntegerNetwork.load(encodeNetwork(network))
    expect(loaded.run(image)).toEqual(runReference(network, image))
  })
})
