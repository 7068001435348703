import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readOptimizer, writeOptimizer } from './optimizer-state.js'

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.03),
  momentum: () => tf.train.momentum(0.03, 0.9),
  adam: () => tf.train.adam(0.03),
  adagrad: () => tf.train.adagrad(0.03),
  adadelta: () => tf.train.adadelta(0.03),
  rmsprop: () => tf.train.rmsprop(0.03, 0.9, 0.5),
}

describe('readOptimizer and writeOptimizer', () => {
  beforeAll(() => tf.setBackend('cpu'))

  /** 60 steps on a curved bowl, with the optimizer replaced by its copy after step 37 (Adam's beta2^38 is inexact then). */
  async function path(make: () => tf.Optimizer, replace: boolean): Promise<number[]> {
    const x = tf.variable(tf.tensor1d([1.7, -0.3, 0.9]))
    let optimizer = make()
    for (let step = 0; step < 60; step++) {
      if (replace && step === 37) {
        const state = await readOptimizer(optimizer)
        optimizer.dispose()
        optimizer = make()
        await writeOptimizer(optimizer, state)
      }
      optimizer.minimize(() => tf.sum(tf.pow(x, 4)) as tf.Scalar, false, [x])
    }
    optimizer.dispose()
    return [...x.dataSync()]
  }

  it.each(Object.keys(optimizers))('restores %s to the bit', async (name) => {
    expect(await path(optimizers[name]!, true)).toEqual(await path(optimizers[name]!, false))
  })

  it('restores what Adam itself would restore one rounding off', async () => {
    const adam = tf.train.adam(0.03)
    const x = tf.variable(tf.scalar(1))
    for (let step = 0; step < 37; step++) adam.minimize(() => tf.square(x) as tf.Scalar, false, [x])
    const { scalars } = await readOptimizer(adam)
    const [beta1] = scalars.find(({ name }) => name === 'accBeta1')!.values
    expect(beta1).not.toBe(tf.pow(0.9, 38).dataSync()[0])
  })

  it('leaves no tensors behind', async () => {
    const adam = tf.train.adam(0.03)
    const x = tf.variable(tf.scalar(1))
    adam.minimize(() => tf.square(x) as tf.Scalar, false, [x])
    const before = tf.memory().numTensors
    const state = await readOptimizer(adam)
    expect(tf.memory().numTensors).toBe(before)
    const copy = tf.train.adam(0.03)
    await writeOptimizer(copy, state)
    copy.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says which optimizer cannot be saved', async () => {
    await expect(readOptimizer(tf.train.adamax(0.03))).rejects.toThrow('the optimizer Adamax cannot be saved')
  })
})
