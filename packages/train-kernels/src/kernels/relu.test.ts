import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { registerTrainingKernels } from '../register-training-kernels.js'

const values = [...[-1, -0, 0, 2 ** -149, 5.5, 6, 6.5], ...floats(30, 1).map((x) => 8 * x)]

describe.each([
  ['relu', tf.relu],
  ['relu6', tf.relu6],
] as const)('%s', (_, activation) => {
  const make = () => {
    const x = tf.tensor1d(values)
    return [activation(x), tf.grad((x: tf.Tensor) => activation(x))(x, tf.tensor1d(floats(values.length, 2)))].map(
      (t) => tf.add(t, 0),
    )
  }

  it('and its gradient are those of the CPU, at the ends too', async () => {
    const expected = await valuesOn('cpu', make)
    for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(expected)
  })

  it('shows NaN', async () => {
    expect(await valuesWithKernels(paths[0]!, () => activation(tf.tensor1d([Number.NaN, 1])))).toEqual([
      [Number.NaN, 1],
    ])
  })

  it('keeps its gradient on other backends while the kernels are in place, and of integers', async () => {
    const expected = await valuesOn('cpu', make)
    const { unregister } = registerTrainingKernels()
    expect(await valuesOn('cpu', make)).toEqual(expected)
    unregister()
    expect(await valuesWithKernels(paths[0]!, () => activation(tf.tensor1d([-2, 3], 'int32')))).toEqual([[0, 3]])
  })
})

describe('relu between a batch norm and what follows it', () => {
  it('leaves the batch norm the totals of its own gradient', async () => {
    const make = () => {
      const norm = tf.layers.batchNormalization({ axis: -1 })
      const x = tf.tensor4d(floats(3 * 6 * 6 * 8, 1), [3, 6, 6, 8])
      const dy = tf.tensor4d(floats(3 * 3 * 3 * 8, 2), [3, 3, 3, 8])
      norm.build(x.shape)
      norm.setWeights([
        tf.tensor1d(floats(8, 3).map((g) => 1 + g / 2)),
        tf.tensor1d(floats(8, 4)),
        tf.zeros([8]),
        tf.ones([8]),
      ])
      const y = (input: tf.Tensor) =>
        tf.maxPool(tf.relu(norm.apply(input, { training: true }) as tf.Tensor4D) as tf.Tensor4D, 2, 2, 'valid')
      const gradients = tf.variableGrads(
        () => tf.sum(tf.mul(y(x), dy)) as tf.Scalar,
        norm.trainableWeights.map((w) => w.read() as tf.Variable),
      )
      const result = [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(y(input), dy)))(x), ...Object.values(gradients.grads)]
      return result
    }
    const expected = await valuesOn('cpu', make)
    for (const path of paths) {
      const got = await valuesWithKernels(path, make)
      for (const [i, gradient] of got.entries())
        for (const [j, value] of gradient.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 4)
    }
  })
})
