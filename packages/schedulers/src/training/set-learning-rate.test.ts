import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { setLearningRate } from './set-learning-rate.js'

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(1),
  momentum: () => tf.train.momentum(1, 0.9),
  adam: () => tf.train.adam(1),
  adamax: () => tf.train.adamax(1),
  adagrad: () => tf.train.adagrad(1),
  adadelta: () => tf.train.adadelta(1),
  rmsprop: () => tf.train.rmsprop(1),
}

describe('setLearningRate', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it.each(Object.keys(optimizers))('has %s use the new rate at its next step', (name) => {
    const moved = (rate: number) => {
      const x = tf.variable(tf.tensor1d([2, -3]))
      const optimizer = optimizers[name]!()
      setLearningRate(optimizer, rate)
      optimizer.minimize(() => tf.sum(tf.square(x)) as tf.Scalar)
      return x.dataSync().map((value, i) => value - [2, -3][i]!)
    }
    expect([...moved(0)].map(Math.abs)).toEqual([0, 0])
    const [once, half] = [moved(0.5), moved(0.25)]
    expect(once[0]).not.toBe(0)
    expect(half[0]! / once[0]!).toBeCloseTo(0.5, 3)
  })

  it('says so where an optimizer has none', () => {
    class Still extends tf.Optimizer {
      static className = 'Still'
      applyGradients(): void {}
      getConfig() {
        return {}
      }
    }
    expect(() => setLearningRate(new Still(), 1)).toThrow('the optimizer Still has no learning rate')
  })
})
