import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { onEachBackend } from '../../test/on-each-backend.js'
import { residualNetwork } from '../../test/residual-network.js'
import { foldBatchNorm } from './fold-batch-norm.js'
import { HardTanh } from './layers/hard-tanh.js'
import { Relu6 } from './layers/relu6.js'
import { quantizeModel } from './quantize-model.js'
import { quantizedLayer, quantizedLayers } from './quantized-layers.js'

const predict = (model: tf.LayersModel, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync().slice()
const classes = (model: tf.LayersModel) => model.layers.map((layer) => layer.getClassName())

onEachBackend(() => {
  describe('quantizeModel()', () => {
    it('computes what the float model computes, bit for bit, and leaves that model alone', () => {
      const model = foldBatchNorm(residualNetwork())
      const quantized = quantizeModel(model, { bits: 3 })
      const x = tf.randomNormal([3, 8, 8, 3], 0, 1, 'float32', 1)
      const expected = predict(model, x)
      expect(predict(quantized, x)).toEqual(expected)
      for (const weight of quantized.weights) weight.write(tf.zeros(weight.shape as number[]))
      expect(predict(model, x)).toEqual(expected)
      expect(classes(model).filter((name) => name.startsWith('Quantized'))).toEqual([])
    })

    it('takes in activations that one layer alone reads, and no others', () => {
      const quantized = quantizeModel(foldBatchNorm(residualNetwork()), { bits: 3 })
      const bounds = quantizedLayers(quantized).map((layer) => [layer.name, layer.inputActivation])
      expect(Object.fromEntries(bounds)).toEqual({
        stem: null,
        conv1a: null,
        conv1b: { minimum: 0 },
        conv2a: null,
        conv2b: { minimum: 0 },
        projection: null,
        classifier: null,
      })
      const left = quantized.layers.filter((layer) => layer.getClassName() === 'ReLU').map((layer) => layer.name)
      expect(left).toEqual(['relu0', 'relu2', 'relu3'])
    })

    it('knows relu, relu6 and hardtanh in all their forms', () => {
      const forms: [tf.layers.Layer, object | null][] = [
        [tf.layers.reLU(), { minimum: 0 }],
        [tf.layers.reLU({ maxValue: 4 }), { minimum: 0, maximum: 4 }],
        [tf.layers.activation({ activation: 'relu' }), { minimum: 0 }],
        [tf.layers.activation({ activation: 'relu6' }), { minimum: 0, maximum: 6 }],
        [new Relu6({}), { minimum: 0, maximum: 6 }],
        [new HardTanh({}), { minimum: -1, maximum: 1 }],
        [tf.layers.activation({ activation: 'tanh' }), null],
        [tf.layers.leakyReLU(), null],
      ]
      for (const [activation, bounds] of forms) {
        const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2] }), activation] })
        model.add(tf.layers.dense({ units: 2 }))
        const quantized = quantizeModel(model, { bits: 4 })
        expect(quantizedLayers(quantized)[0]!.inputActivation).toEqual(bounds)
        expect(quantized.layers).toHaveLength(bounds === null ? 4 : 3)
        const x = tf.tensor3d([-5, -0.5, 0.5, 9], [1, 2, 2])
        expect(predict(quantized, x)).toEqual(predict(model, x))
      }
    })

    it('leaves the layers that are named, and an activation that is shared', () => {
      const model = foldBatchNorm(residualNetwork())
      const quantized = quantizeModel(model, { bits: 3, float: ['stem', 'classifier'] })
      expect(quantizedLayers(quantized).map((layer) => layer.name)).toEqual([
        'conv1a',
        'conv1b',
        'conv2a',
        'conv2b',
        'projection',
      ])
      const relu = tf.layers.reLU({ name: 'shared' })
      const x = tf.input({ shape: [3] })
      const on = (tensor: tf.SymbolicTensor, layer: tf.layers.Layer) => layer.apply(tensor) as tf.SymbolicTensor
      const hidden = on(on(x, relu), tf.layers.dense({ units: 3 }))
      const twice = tf.model({ inputs: x, outputs: on(on(hidden, relu), tf.layers.dense({ units: 2 })) })
      expect(classes(quantizeModel(twice, { bits: 4 })).filter((name) => name === 'ReLU')).toHaveLength(1)
    })

    it('gives each layer the schemes that are asked for', () => {
      const model = foldBatchNorm(residualNetwork())
      const schemes = (options: Parameters<typeof quantizeModel>[1]) => {
        const { inputScheme, weightScheme } = quantizedLayer(quantizeModel(model, options), 'conv1a')
        return [inputScheme, weightScheme]
      }
      const scheme = { symmetric: false, narrow: false }
      expect(schemes({ bits: 3 })).toEqual([
        { ...scheme, levels: 8 },
        { ...scheme, levels: 8 },
      ])
      expect(schemes({ levels: 25, weightLevels: 9, perChannel: true })).toEqual([
        { ...scheme, levels: 25 },
        { ...scheme, levels: 9, axis: -1 },
      ])
      expect(schemes({ bits: 2, inputLevels: 256 })[0]).toEqual({ ...scheme, levels: 256 })
    })

    it('refuses widths, names and layers that it cannot take', () => {
      const model = foldBatchNorm(residualNetwork())
      expect(() => quantizeModel(model, { bits: 1 })).toThrow(/bits is 1, expected an integer from 2 to 8/)
      expect(() => quantizeModel(model, { bits: 3, weightLevels: 2 })).toThrow(/levels is 2/)
      expect(() => quantizeModel(model, { bits: 3, float: ['conv9'] })).toThrow(/float names conv9, which is no layer/)
      expect(() => quantizedLayer(model, 'conv1a')).toThrow(/no quantized layer conv1a/)
    })

    it('keeps layers that are quantized already as they are', () => {
      const once = quantizeModel(foldBatchNorm(residualNetwork()), { bits: 3 })
      const again = quantizeModel(once, { bits: 8 })
      expect(quantizedLayers(again).map((layer) => layer.weightScheme.levels)).toEqual(new Array(7).fill(8))
      expect(quantizedLayers(again).map((layer) => layer.getConfig())).toEqual(
        quantizedLayers(once).map((layer) => layer.getConfig()),
      )
    })
  })
})
