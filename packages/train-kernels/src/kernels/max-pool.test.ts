import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { integers, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'

const path = paths[0]!
type Pool = [size: [number, number], strides: [number, number], pad: 'valid' | 'same' | number]

/** Output and gradient of a max-pool; integers of a small range tie often. */
function poolAndGradient(shape: [number, number, number, number], [size, strides, pad]: Pool, largest: number) {
  const x = tf.tensor4d(integers(tf.util.sizeFromShape(shape), 1, largest), shape)
  const pool = (a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, size, strides, pad)
  const y = pool(x)
  return [y, tf.grad(pool)(x, tf.tensor(integers(y.size, 2), y.shape))]
}

describe('MaxPool and its gradient', () => {
  const pools: Pool[] = [
    [[2, 2], [2, 2], 'valid'],
    [[2, 2], [2, 2], 'same'],
    [[3, 3], [2, 2], 'same'],
    [[3, 3], [1, 1], 'valid'],
    [[2, 3], [3, 1], 'same'],
    [[1, 1], [2, 2], 'valid'],
    [[3, 3], [2, 2], 1],
  ]
  const cases = pools.flatMap((pool) =>
    [1, 3, 4, 10, 64].map((channels) => [JSON.stringify(pool), channels, pool] as const),
  )
  it.each(cases)('%s, %d channels', async (_, channels, pool) => {
    for (const largest of [1, 100]) {
      const make = () => poolAndGradient([3, 7, 6, channels], pool, largest)
      expect(await valuesWithKernels(path, make)).toEqual(await valuesOn('cpu', make))
    }
  })

  it('gives the gradient of a window without a positive value to its first maximum', async () => {
    const make = () => {
      const x = tf.tensor4d([-3, -1, -1, -2], [1, 2, 2, 1])
      return tf.grad((a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, 2, 2, 'valid'))(x, tf.fill([1, 1, 1, 1], 5))
    }
    expect(await valuesWithKernels(path, make)).toEqual([[0, 5, 0, 0]])
  })

  it('lets NaN through', async () => {
    const pool = () => tf.maxPool(tf.tensor4d([1, Number.NaN, 3, 4], [1, 2, 2, 1]), 2, 2, 'valid')
    expect(await valuesWithKernels(path, pool)).toEqual([[Number.NaN]])
  })

  it('finds the maxima again where the output does not carry them', async () => {
    const make = () => {
      const x = tf.tensor4d(integers(36, 1), [1, 6, 6, 1])
      const copied = tf.add(tf.maxPool(x, 2, 2, 'valid'), 0)
      const dy = tf.tensor4d(integers(9, 2), [1, 3, 3, 1])
      const attrs = { filterSize: 2, strides: 2, pad: 'valid' }
      return tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', { dy, input: x, output: copied }, attrs)
    }
    expect(await valuesWithKernels(path, make)).toEqual(await valuesOn('cpu', make))
  })
})
