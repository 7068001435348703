import { IntegerNetwork, plainEngine } from '@lowbit/int-kernels'
import { encodeNetwork } from '@lowbit/int-kernels/format'
import { tanhApproximation } from '@lowbit/int-kernels/reference'
import { Tanh, tanhApproximationOf } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { describe, expect, it } from 'vitest'

const perImage = 1 << 14

/**
 * Every 4093rd pattern of 32 bits, which takes in all signs and exponents with about 2,000 significands each, zeros, denormals,
 * infinities and NaNs; and what lies at the ends of the ranges, and around the bound beyond which tanh is constant.
 */
function inputs(): Float32Array {
  const bits = new Uint32Array(65 * perImage)
  for (let i = 0; i < bits.length; i++) bits[i] = i * 4093
  const numbers = new Float32Array(bits.buffer)
  const bound = 7.905311107635498
  const neighbours = [0x40fcf8f2, 0x40fcf8f3, 0x40fcf8f4, 0x3f7fffff, 0x3f800001].map(floatOf)
  const extremes = [0, Infinity, NaN, 2 ** -149, 2 ** -126, 2 ** -126 - 2 ** -149, 3.4028234663852886e38, 1e-20, bound]
  numbers.set([...extremes, ...neighbours].flatMap((x) => [x, -x]))
  return numbers
}

function floatOf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!
}

const sweep = inputs()
const expected = sweep.map(tanhApproximationOf)

/** How many differ in a bit, of numbers of which one NaN is as good as another. */
function differing(found: Float32Array): number {
  const bits = new Uint32Array(found.buffer, found.byteOffset, found.length)
  const expectedBits = new Uint32Array(expected.buffer)
  return bits.filter(
    (pattern, i) => pattern !== expectedBits[i] && !(Number.isNaN(found[i]) && Number.isNaN(expected[i])),
  ).length
}

describe('tanh', () => {
  it('is swept over all kinds of f32', () => {
    expect(new Set(new Uint32Array(sweep.buffer).map((bits) => bits >>> 23)).size).toBe(512)
    expect(sweep.filter(Number.isNaN).length).toBeGreaterThan(1_000)
    expect(expected.filter(Number.isNaN).length).toBe(sweep.filter(Number.isNaN).length)
  })

  it.each(['cpu', 'wasm'])('of the layer gives the bits of its reference on %s', async (backend) => {
    await tf.setBackend(backend)
    const found = tf.tidy(() => (new Tanh({}).apply(tf.tensor2d(sweep, [65, perImage])) as tf.Tensor).dataSync())
    expect(differing(Float32Array.from(found))).toBe(0)
  })

  it("of the integer runtime's reference has the same bits", () => {
    expect(differing(sweep.map(tanhApproximation))).toBe(0)
  })

  it.each([
    ['this engine', undefined],
    ['plain SIMD', plainEngine],
  ])("of the integer runtime's kernels has the same bits on %s", async (_, engine) => {
    const file = encodeNetwork({
      input: { name: 'input', shape: [perImage] },
      nodes: [{ operator: 'tanh', name: 'tanh', input: 'input' }],
      output: 'tanh',
    })
    const network = await IntegerNetwork.load(file, engine && { engine })
    expect(differing(network.run(sweep))).toBe(0)
  })
})
