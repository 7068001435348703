import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { distance } from '../../test/expect-same-as-cpu.js'

const cases = [
  [1, 100, 1],
  [3, 7, 5],
  [4, 50, 3],
  [6, 5, 5],
  [8, 100, 2],
  [64, 7, 4],
  [65, 3, 3],
] as const
const epsilon = 1e-3

/** y, moments, and the gradients of sum(y * dy), by tfjs's own operations in f32. */
function composed(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const forward = (...[a, g, b]: tf.Tensor[]) => {
    const { mean, variance } = tf.moments(a!, [0, 1, 2])
    return tf.add(tf.mul(tf.mul(tf.sub(a!, mean), tf.rsqrt(tf.add(variance, epsilon))), g!), b!)
  }
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  return [forward(x, gamma, beta), mean, variance, ...tf.grads(forward)([x, gamma, beta], dy)]
}

function fused(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const moving = { movingMean: tf.zerosLike(beta), movingVariance: tf.onesLike(beta) }
  const attrs = { epsilon, momentum: 0.9 }
  const [y, mean, variance] = tf
    .engine()
    .runKernel<tf.Tensor[]>('LowbitBatchNorm', { x, gamma, beta, ...moving }, attrs)
  const inputs = { x, dy, gamma, mean: mean!, variance: variance! }
  return [y!, mean!, variance!, ...tf.engine().runKernel<tf.Tensor[]>('LowbitBatchNormGrad', inputs, { epsilon })]
}

describe.each(paths)('batch norm, %s', (path) => {
  it.each(cases)('%d channels, %d images of side %d', async (channels, batch, side) => {
    const shape: [number, number, number, number] = [batch, side, side, channels]
    const tensors = () =>
      [
        tf.add(tf.mul(tf.tensor4d(floats(batch * side * side * channels, 1), shape), 3), 2),
        tf.tensor1d(floats(channels, 2)),
        tf.tensor1d(floats(channels, 3)),
        tf.tensor4d(floats(batch * side * side * channels, 4), shape),
      ] as const
    const expected = await valuesOn('cpu', () => composed(...tensors()))
    const got = await valuesWithKernels(path, () => fused(...tensors()))
    for (const [i, values] of got.entries()) expect(distance(values, expected[i]!)).toBeLessThan(3e-6)
  })

  it('gives a bias before it no gradient', async () => {
    const make = () => {
      const dy = tf.tensor4d(floats(900, 2), [4, 5, 5, 9])
      const [, , , dx] = fused(tf.tensor4d(floats(900, 1), [4, 5, 5, 9]), tf.ones([9]), tf.zeros([9]), dy)
      return [tf.sum(dx!, [0, 1, 2]), tf.sum(tf.add(dx!, 0), [0, 1, 2])]
    }
    const [noted, taken] = await valuesWithKernels(path, make)
    expect(noted).toEqual(new Array(9).fill(0))
    for (const value of taken!) expect(value).toBeCloseTo(0, 5)
  })

  it('keeps the variance of values far from 0', async () => {
    const make = () => {
      const x = tf.add(tf.tensor4d(floats(4000, 1), [10, 10, 10, 4]), 1000)
      return fused(x, tf.ones([4]), tf.zeros([4]), x).slice(1, 3)
    }
    const [mean, variance] = await valuesWithKernels(path, make)
    const x = floats(4000, 1).map((value) => value + 1000)
    for (let c = 0; c < 4; c++) {
      const own = [...x].filter((_, i) => i % 4 === c)
      const average = own.reduce((a, b) => a + b) / own.length
      const spread = own.reduce((a, b) => a + (b - average) ** 2, 0) / own.length
      expect(mean![c]! / average).toBeCloseTo(1, 6)
      expect(variance![c]! / spread).toBeCloseTo(1, 5)
    }
  })
})

describe('FusedBatchNorm', () => {
  it.each([3, 8, 66])('%d channels', async (channels) => {
    const make = () => {
      const x = tf.tensor4d(floats(50 * channels, 1), [2, 5, 5, channels])
      const [mean, offset, scale] = [2, 3, 4].map((seed) => tf.tensor1d(floats(channels, seed)))
      const variance = tf.abs(tf.tensor1d(floats(channels, 5)))
      return [
        tf.batchNorm(x, mean!, variance as tf.Tensor1D, offset!, scale!),
        tf.batchNorm(x, mean!, variance as tf.Tensor1D),
      ]
    }
    const expected = await valuesOn('cpu', make)
    const got = await valuesWithKernels(paths.at(-1)!, make)
    for (const [i, values] of got.entries()) expect(distance(values, expected[i]!)).toBeLessThan(1e-6)
    for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(got)
  })
})
