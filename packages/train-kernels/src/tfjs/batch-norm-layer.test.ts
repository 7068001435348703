import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn } from '../../test/backends.js'
import { registerTrainingKernels } from '../register-training-kernels.js'

type Options = Parameters<typeof tf.layers.batchNormalization>[0]

function network(options: Options): tf.Sequential {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed })
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 3], filters: 5, kernelSize: 3, kernelInitializer: seeded(1) }),
      tf.layers.batchNormalization({ momentum: 0.8, ...options }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, kernelInitializer: seeded(2) }),
    ],
  })
}

/** All weights after some steps of `model.fit`. */
async function fitted(options: Options = {}): Promise<number[][]> {
  const model = network(options)
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' })
  const x = tf.tensor4d(floats(40 * 6 * 6 * 3, 1), [40, 6, 6, 3])
  const y = tf.tensor2d(floats(80, 2), [40, 2])
  await model.fit(x, y, { epochs: 3, batchSize: 10, shuffle: false, verbose: 0 })
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  model.dispose()
  tf.dispose([x, y])
  return weights
}

function distance(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((values, i) => values.map((value, j) => Math.abs(value - b[i]![j]!))))
}

/** Which kernels run while the network is applied in training, and with `gradient` also while it is differentiated. */
async function kernelsOf(options: Options, gradient = false): Promise<string[]> {
  const model = network(options)
  const apply = () => tf.sum(model.apply(tf.ones([4, 6, 6, 3]), { training: true }) as tf.Tensor) as tf.Scalar
  const { kernelNames } = await tf.profile(() =>
    tf.tidy(() => {
      if (gradient) tf.variableGrads(apply)
      else apply()
    }),
  )
  model.dispose()
  return kernelNames
}

describe('tf.layers.batchNormalization', () => {
  it.each(paths)("trains as tfjs's own does, %s", async (path) => {
    await tf.setBackend('cpu')
    const expected = await fitted()
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels({ path })
    expect(distance(await fitted(), expected)).toBeLessThan(1e-4)
    kernels.unregister()
  })

  it('is one operation and one for its gradient', async () => {
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels()
    const names = await kernelsOf({}, true)
    expect(names.filter((name) => name.startsWith('LowbitBatchNorm')).sort()).toEqual([
      'LowbitBatchNorm',
      'LowbitBatchNormGrad',
    ])
    kernels.unregister()
  })

  it('is left alone on other axes, on other backends and after unregister', async () => {
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels()
    expect(await kernelsOf({ axis: 1 })).not.toContain('LowbitBatchNorm')
    await tf.setBackend('cpu')
    expect(await kernelsOf({})).not.toContain('LowbitBatchNorm')
    await tf.setBackend('wasm')
    kernels.unregister()
    expect(await kernelsOf({})).not.toContain('LowbitBatchNorm')
  })

  it('does not count in the names of layers', async () => {
    const number = () => Number(/\d+$/.exec(tf.layers.batchNormalization().name)![0])
    const before = number()
    registerTrainingKernels().unregister()
    expect(number()).toBe(before + 1)
  })

  it('gives the same result where the layer infers', async () => {
    const infer = () => tf.tidy(() => (network({}).apply(tf.ones([1, 6, 6, 3])) as tf.Tensor).flatten())
    const [expected] = await valuesOn('cpu', infer)
    await tf.setBackend('wasm')
    const kernels = registerTrainingKernels()
    const [got] = await valuesOn('wasm', infer)
    kernels.unregister()
    for (const [i, value] of got!.entries()) expect(value).toBeCloseTo(expected![i]!, 5)
  })
})
