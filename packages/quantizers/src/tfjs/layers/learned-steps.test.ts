import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { residualNetwork } from '../../../test/residual-network.js'
import { saveAndLoad } from '../../../test/save-and-load.js'
import { affine } from '../../scheme.js'
import { calibrate } from '../calibrate.js'
import { describeQuantization } from '../describe-quantization.js'
import { foldBatchNorm } from '../fold-batch-norm.js'
import { lsq } from '../operators/lsq.js'
import { quantizeFilters, quantizeInput } from '../quantization-state.js'
import { quantizeModel } from '../quantize-model.js'
import { quantizedLayers } from '../quantized-layers.js'
import { QuantizedDense } from './quantized-dense.js'

const inputRange = { scale: 0.25, zeroPoint: 3, levels: 16 }
const channelRange = { scale: [0.125, 0.25, 0.0625], zeroPoint: [8, 7, 6], levels: 16, axis: 1 }
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)
const predict = (model: tf.LayersModel, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync().slice()

function dense() {
  const layer = new QuantizedDense({
    name: 'd',
    inputShape: [5],
    units: 3,
    useBias: false,
    quantizer: 'lsq',
    weightScheme: affine({ bits: 4, axis: -1 }),
    inputActivation: { minimum: -0.6, maximum: 1 },
    kernelInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 1 }),
  })
  return { layer, model: tf.sequential({ layers: [layer] }) }
}

onEachBackend(() => {
  describe("a layer with quantizer 'lsq'", () => {
    it('computes, before any training, the bits of one whose scales are constant', async () => {
      const float = foldBatchNorm(residualNetwork())
      const images = random([8, 8, 8, 3], 1)
      for (const perChannel of [false, true]) {
        const constant = quantizeModel(float, { bits: 3, perChannel })
        const learned = quantizeModel(float, { bits: 3, perChannel, quantizer: 'lsq' })
        expect(predict(learned, images)).toEqual(predict(float, images))
        await calibrate(constant, images)
        await calibrate(learned, images)
        expect(describeQuantization(learned)).toEqual(describeQuantization(constant))
        expect(predict(learned, images)).toEqual(predict(constant, images))
      }
    })

    it('trains its steps with the gradient that lsq() has', () => {
      const { layer, model } = dense()
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, channelRange)
      const x = random([8, 5], 2)
      const dy = random([8, 3], 3)
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(model.apply(x) as tf.Tensor, dy)) as tf.Scalar)
      // lsq() with one zero point at a time: the columns of the kernel are quantized apart.
      const composed = (inputStep: tf.Tensor, weightStep: tf.Tensor, kernel: tf.Tensor) => {
        const a = lsq(tf.clipByValue(x, -0.6, 1), inputRange, {
          step: inputStep,
          gradientFactor: 1 / Math.sqrt(5 * 12),
        })
        const columns = channelRange.zeroPoint.map((zeroPoint, i) =>
          lsq(
            tf.slice(kernel, [0, i], [5, 1]),
            { levels: 16, zeroPoint },
            {
              step: tf.slice(weightStep, [i], [1]),
              gradientFactor: 1 / Math.sqrt(5 * 9),
            },
          ),
        )
        return tf.sum(tf.mul(tf.matMul(a, tf.concat(columns, 1)), dy))
      }
      const parameters = [tf.tensor1d([0.25]), tf.tensor1d(channelRange.scale), layer.kernel.read()]
      const expected = tf.grads((a, b, c) => composed(a!, b!, c!))(parameters)
      const names = layer.trainableWeights.map((weight) => weight.originalName)
      expect(names).toEqual(['d/kernel', 'd/input_step', 'd/weight_step'])
      const [kernel, input, weights] = layer.trainableWeights.map((weight) => grads[weight.name]!.dataSync())
      expect(largestDifference(input!, expected[0]!.dataSync())).toBeLessThan(1e-4)
      expect(largestDifference(weights!, expected[1]!.dataSync())).toBeLessThan(1e-4)
      expect(largestDifference(kernel!, expected[2]!.dataSync())).toBeLessThan(1e-4)
    })

    it('shows its ranges with the scales that it has learned, also when loaded', async () => {
      const { layer, model } = dense()
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 2 }, channelRange)
      const x = random([8, 5], 2)
      const y = random([8, 3], 3)
      const optimizer = tf.train.adam(0.01)
      const loss = () => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor) as tf.Scalar
      const before = loss().dataSync()[0]!
      for (let i = 0; i < 30; i++) optimizer.minimize(loss)
      expect(loss().dataSync()[0]).toBeLessThan(before)
      expect(layer.inputRange!.scale).not.toBe(inputRange.scale)
      expect(layer.inputRange).toMatchObject({ zeroPoint: 3, levels: 16 })
      expect(layer.weightRange).toMatchObject({ zeroPoint: [8, 7, 6], levels: 16, axis: 1 })

      const loaded = await saveAndLoad(model)
      const [copy] = quantizedLayers(loaded)
      expect(copy!.getConfig()).toEqual(layer.getConfig())
      expect(predict(loaded, x)).toEqual(predict(model, x))

      const constant = new QuantizedDense({ ...layer.getConfig(), quantizer: 'straightThrough' } as never)
      const fixed = tf.sequential({ layers: [constant] })
      constant.setWeights([layer.kernel.read(), layer.kernelMask.read()])
      expect(predict(fixed, x)).toEqual(predict(model, x))
    })

    it('refuses a range of another granularity than its steps have', () => {
      const { layer } = dense()
      expect(() => layer.setWeightRange(inputRange)).toThrow(/a range per tensor for d/)
      expect(() => new QuantizedDense({ units: 3, quantizer: 'other' as never })).toThrow(/quantizer is other/)
    })

    it('leaves no tensors behind', () => {
      const { layer, model } = dense()
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, channelRange)
      const x = random([8, 5], 2)
      const optimizer = tf.train.sgd(0.01)
      const step = () => optimizer.minimize(() => tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar)
      step()
      const before = tf.memory().numTensors
      for (let i = 0; i < 3; i++) step()
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})
