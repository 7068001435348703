import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { largestDifference } from '../../test/finite-differences.js'
import { onEachBackend } from '../../test/on-each-backend.js'
import { residualNetwork } from '../../test/residual-network.js'
import { saveAndLoad } from '../../test/save-and-load.js'
import { quantizeBias } from '../arithmetic.js'
import { histogram } from '../histogram.js'
import { minMax } from '../min-max.js'
import { mmse } from '../mmse.js'
import { calibrate } from './calibrate.js'
import { describeQuantization } from './describe-quantization.js'
import { foldBatchNorm } from './fold-batch-norm.js'
import { observeInputs } from './observe-inputs.js'
import { quantizeFilters, quantizeInput, releaseQuantization } from './quantization-state.js'
import { quantizeModel } from './quantize-model.js'
import { quantizedLayer, quantizedLayers } from './quantized-layers.js'

const predict = (model: tf.LayersModel, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync().slice()
const images = () => tf.randomNormal([16, 8, 8, 3], 0, 1, 'float32', 1)
const float = () => foldBatchNorm(residualNetwork())

onEachBackend(() => {
  describe('calibrate()', () => {
    it('comes closer to the float model with every bit', async () => {
      const model = float()
      const expected = predict(model, images())
      const errors: number[] = []
      for (const bits of [2, 4, 6, 8]) {
        const quantized = quantizeModel(model, { bits })
        await calibrate(quantized, images())
        const actual = predict(quantized, images())
        errors.push(Math.hypot(...actual.map((value, i) => value - expected[i]!)) / Math.hypot(...expected))
      }
      for (let i = 1; i < errors.length; i++) expect(errors[i]!).toBeLessThan(errors[i - 1]!)
      expect(errors.at(-1)).toBeLessThan(0.03)
    })

    it('estimates each range with everything before it quantized', async () => {
      const model = quantizeModel(float(), { bits: 4, perChannel: true })
      await calibrate(model, images())
      const byHand = quantizeModel(float(), { bits: 4, perChannel: true })
      for (const { name } of quantizedLayers(byHand)) {
        const layer = quantizedLayer(byHand, name)
        const seen = await observeInputs(byHand, images(), [name])
        quantizeInput(layer, mmse(seen.get(name)!, layer.inputScheme))
        const kernel = layer.kernel.read()
        const range = mmse(kernel.dataSync<'float32'>(), layer.weightScheme, kernel.shape)
        quantizeFilters(layer, { from: 0, to: layer.filters }, range)
      }
      expect(describeQuantization(model)).toEqual(describeQuantization(byHand))
      expect(predict(model, images())).toEqual(predict(byHand, images()))
    })

    it('keeps a bias within an integer accumulator where its filter has next to no weights', async () => {
      const layer = tf.layers.dense({ name: 'd', units: 2, inputShape: [3] })
      const float = tf.sequential({ layers: [layer] })
      layer.setWeights([tf.tensor2d([1, 1e-12, -1, 1e-12, 2, -1e-12], [3, 2]), tf.tensor1d([0.5, 3])])
      const model = quantizeModel(float, { bits: 4, perChannel: true })
      const x = tf.tensor2d([1, 2, 3], [1, 3])
      await calibrate(model, x)
      const { inputRange, weightRange } = describeQuantization(model)[0]!
      const scales = weightRange!.scale as number[]
      expect(quantizeBias(3, inputRange!.scale, scales[1]!)).toBeLessThanOrEqual(2 ** 22)
      expect(predict(model, x)[1]).toBeCloseTo(3, 5)
    })

    it('takes another estimator, and can be called again', async () => {
      const model = quantizeModel(float(), { bits: 4 })
      await calibrate(model, images())
      const first = describeQuantization(model)
      await calibrate(model, images(), { estimator: minMax })
      expect(describeQuantization(model)[0]!.inputRange!.scale).toBeGreaterThan(first[0]!.inputRange!.scale)
      await calibrate(model, images())
      expect(describeQuantization(model)).toEqual(first)
    })

    it('survives being saved and loaded', async () => {
      const model = quantizeModel(float(), { bits: 3, perChannel: true })
      await calibrate(model, images())
      const loaded = await saveAndLoad(model)
      expect(describeQuantization(loaded)).toEqual(describeQuantization(model))
      expect(predict(loaded, images())).toEqual(predict(model, images()))
    })

    it('leaves no tensors behind but constants of the layers, and can be undone', async () => {
      const model = quantizeModel(float(), { bits: 3 })
      const x = images()
      const expected = predict(model, x)
      const before = tf.memory().numTensors
      await calibrate(model, x)
      for (const layer of quantizedLayers(model)) releaseQuantization(layer)
      expect(tf.memory().numTensors).toBe(before)
      expect(predict(model, x)).toEqual(expected)
    })

    it('names the layer whose input is not finite', async () => {
      const model = quantizeModel(float(), { bits: 3, float: ['stem'] })
      const stem = model.getLayer('stem')
      stem.setWeights(stem.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN)))
      const before = tf.memory().numTensors
      const x = images()
      await expect(calibrate(model, x)).rejects.toThrow(/value 0 is NaN.*in the input of conv1a/)
      expect(tf.memory().numTensors).toBe(before + 1)
    })
  })

  describe('observeInputs()', () => {
    it('sees inputs after the activation that a layer took in, and before its quantizer', async () => {
      const model = quantizeModel(float(), { bits: 3 })
      quantizeInput(quantizedLayer(model, 'conv1b'), { scale: 1, zeroPoint: 0, levels: 8 })
      const seen = await observeInputs(model, images(), ['conv1b', 'conv1a'])
      const reference = foldBatchNorm(residualNetwork())
      const relu = tf.model({ inputs: reference.inputs, outputs: reference.getLayer('relu1a').output })
      const expected = histogram((relu.predict(images()) as tf.Tensor).dataSync<'float32'>())
      const { zeros, total, maximum, minimum } = seen.get('conv1b')!
      expect({ zeros, total, minimum }).toEqual({ zeros: expected.zeros, total: expected.total, minimum: 0 })
      expect(Math.abs(maximum - expected.maximum)).toBeLessThan(1e-5)
      expect([...seen.keys()].sort()).toEqual(['conv1a', 'conv1b'])
    })

    it('holds all inputs of a layer that is used twice', async () => {
      const shared = tf.layers.dense({ name: 'shared', units: 3, kernelInitializer: 'ones' })
      const x = tf.input({ shape: [3] })
      const twice = shared.apply(shared.apply(x)) as tf.SymbolicTensor
      const model = quantizeModel(tf.model({ inputs: x, outputs: twice }), { bits: 4 })
      const seen = await observeInputs(model, tf.tensor2d([1, 2, 3], [1, 3]))
      expect(seen.get('shared')).toMatchObject({ total: 6, minimum: 1, maximum: 6 })
      await calibrate(model, tf.tensor2d([1, 2, 3], [1, 3]))
      expect(largestDifference(predict(model, tf.tensor2d([1, 2, 3], [1, 3])), new Array(3).fill(9))).toBeLessThan(1)
    })

    it('refuses names that are no quantized layers, and inputs that are too few', async () => {
      const model = quantizeModel(float(), { bits: 3, float: ['stem'] })
      await expect(observeInputs(model, images(), ['stem'])).rejects.toThrow(/no quantized layer stem/)
      await expect(observeInputs(model, [])).rejects.toThrow(/0 tensors, expected 1/)
    })
  })
})
