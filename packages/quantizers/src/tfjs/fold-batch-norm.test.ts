import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { largestDifference } from '../../test/finite-differences.js'
import { onEachBackend } from '../../test/on-each-backend.js'
import { residualNetwork } from '../../test/residual-network.js'
import { foldBatchNorm } from './fold-batch-norm.js'

const predict = (model: tf.LayersModel, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync().slice()
const normNames = (model: tf.LayersModel) =>
  model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization').map((layer) => layer.name)

const random = (seed: number) => tf.initializers.randomNormal({ stddev: 0.5, seed })
const batchNorm = (args: Parameters<typeof tf.layers.batchNormalization>[0] = {}) =>
  tf.layers.batchNormalization({
    betaInitializer: random(1),
    gammaInitializer: random(2),
    movingMeanInitializer: random(3),
    movingVarianceInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 2, seed: 4 }),
    ...args,
  })

onEachBackend(() => {
  describe('foldBatchNorm()', () => {
    it('folds every batch norm of a residual network', () => {
      const model = residualNetwork()
      const weights = model.getWeights().map((tensor) => tensor.dataSync().slice())
      const folded = foldBatchNorm(model)
      const x = tf.randomNormal([3, 8, 8, 3], 0, 1, 'float32', 1)
      expect(normNames(folded)).toEqual([])
      expect(folded.layers).toHaveLength(model.layers.length - normNames(model).length)
      expect(largestDifference(predict(folded, x), predict(model, x))).toBeLessThan(1e-5)
      expect(folded.getLayer('conv1a').weights.map((weight) => weight.originalName)).toEqual([
        'conv1a/kernel',
        'conv1a/bias',
      ])
      expect(model.getWeights().map((tensor) => tensor.dataSync().slice())).toEqual(weights)
    })

    it('folds into depthwise convolutions and dense layers, with a bias or without, scaled and centred or not', () => {
      const model = tf.sequential({
        layers: [
          tf.layers.depthwiseConv2d({ inputShape: [5, 5, 3], kernelSize: 3, depthMultiplier: 2, useBias: false }),
          batchNorm({ scale: false }),
          tf.layers.conv2d({ filters: 4, kernelSize: 3, biasInitializer: random(5) }),
          batchNorm({ center: false, axis: 3 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, biasInitializer: random(6) }),
          batchNorm({ epsilon: 0.1 }),
        ],
      })
      const folded = foldBatchNorm(model)
      const x = tf.randomNormal([3, 5, 5, 3], 0, 1, 'float32', 1)
      expect(normNames(folded)).toEqual([])
      expect(largestDifference(predict(folded, x), predict(model, x))).toBeLessThan(1e-5)
    })

    it('leaves what cannot be folded, and computes the same', () => {
      const input = tf.input({ shape: [4, 4, 3] })
      const conv = (name: string, activation: 'linear' | 'relu' = 'linear') =>
        tf.layers.conv2d({ name, filters: 3, kernelSize: 1, activation })
      const on = (x: tf.SymbolicTensor, layer: tf.layers.Layer) => layer.apply(x) as tf.SymbolicTensor
      const activated = on(on(input, conv('a', 'relu')), batchNorm({ name: 'after_activation' }))
      const readTwice = on(activated, conv('b'))
      const second = on(readTwice, batchNorm({ name: 'read_twice' }))
      const rows = on(on(second, conv('c')), batchNorm({ name: 'other_axis', axis: 1 }))
      const shared = conv('shared')
      const ofShared = on(on(rows, shared), batchNorm({ name: 'of_shared' }))
      const output = on(ofShared, shared)
      const given = on(output, batchNorm({ name: 'of_output' }))
      const first = on(input, batchNorm({ name: 'of_input' }))
      const sum = tf.layers.add().apply([readTwice, first]) as tf.SymbolicTensor
      const model = tf.model({ inputs: input, outputs: [output, given, sum] })
      const folded = foldBatchNorm(model)
      expect(normNames(folded).sort()).toEqual(normNames(model).sort())
      const x = tf.randomNormal([2, 4, 4, 3], 0, 1, 'float32', 1)
      const values = (m: tf.LayersModel) => (m.predict(x) as tf.Tensor[]).map((tensor) => tensor.dataSync().slice())
      expect(values(folded)).toEqual(values(model))
    })
  })
})
