import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesWithKernels } from '../../test/backends.js'
import { totalsFor } from './known-totals.js'

const run = <R extends tf.Tensor | tf.Tensor[]>(name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap) =>
  tf.engine().runKernel<R>(name, inputs, attrs)

/** Gradients for x, gamma and beta of batch norm, max-pool and clamp; `copy` stands between the pool and the batch norm. */
function gradients(channels: number, gammaScale: number, copy: (dy: tf.Tensor) => tf.Tensor): tf.Tensor[] {
  const shape: [number, number, number, number] = [3, 6, 6, channels]
  const x = tf.tensor4d(floats(108 * channels, 1), shape)
  const gamma = tf.mul(tf.add(tf.tensor1d(floats(channels, 2)), 2), gammaScale)
  const beta = tf.tensor1d(floats(channels, 3))
  const averages = { movingMean: beta, movingVariance: gamma }
  const normed = run<tf.Tensor[]>('LowbitBatchNorm', { x, gamma, beta, ...averages }, { epsilon: 1e-3, momentum: 0.9 })
  const [y, mean, variance] = normed as [tf.Tensor4D, tf.Tensor, tf.Tensor]
  const pooled = tf.maxPool(y, 2, 2, 'valid')
  const bounds = { minimum: 0, maximum: 1 }
  const dpooled = run<tf.Tensor>(
    'LowbitActivationGrad',
    { x: pooled, dy: tf.tensor4d(floats(pooled.size, 4), pooled.shape) },
    bounds,
  )
  const pool = { filterSize: 2, strides: 2, pad: 'valid' }
  const dy = copy(run<tf.Tensor>('MaxPoolGrad', { dy: dpooled, input: y, output: pooled }, pool))
  expect(totalsFor(mean, dy) === undefined).toBe(copy !== same)
  return run<tf.Tensor[]>('LowbitBatchNormGrad', { x, dy, gamma, mean, variance }, { epsilon: 1e-3 })
}

const same = (dy: tf.Tensor) => dy

describe.each(paths)('totals taken where a gradient is written, %s', (path) => {
  it.each([
    [8, 1],
    [5, 1],
    [16, 1e-9],
  ])('give the gradients that a pass over it gives: %d channels, gammas around %d', async (channels, gammaScale) => {
    const noted = await valuesWithKernels(path, () => gradients(channels, gammaScale, same))
    const taken = await valuesWithKernels(path, () => gradients(channels, gammaScale, (dy) => tf.add(dy, 0)))
    for (const [i, values] of noted.entries()) {
      const largest = Math.max(...taken[i]!.map(Math.abs))
      for (const [j, value] of values.entries()) expect(Math.abs(value - taken[i]![j]!) / largest).toBeLessThan(2e-6)
    }
  })
})

describe('the sum of a gradient', () => {
  it.each([
    [
      [4, 3, 3, 6],
      [0, 1, 2],
    ],
    [[10, 5], [0]],
    [[7], undefined],
    [[2, 5000], [0]],
  ] as [number[], number[] | undefined][])('is the one taken where it was written: %j over %j', async (shape, axes) => {
    const size = tf.util.sizeFromShape(shape)
    const sums = () => {
      const inputs = { x: tf.tensor(floats(size, 1), shape), dy: tf.tensor(floats(size, 2), shape) }
      const dx = run<tf.Tensor>('LowbitActivationGrad', inputs, { minimum: -0.5, maximum: 0.5 })
      return [tf.sum(dx, axes), tf.sum(tf.add(dx, 0), axes)]
    }
    for (const path of paths) {
      const [noted, taken] = await valuesWithKernels(path, sums)
      for (const [i, value] of noted!.entries()) expect(value).toBeCloseTo(taken![i]!, 5)
    }
  })
})
