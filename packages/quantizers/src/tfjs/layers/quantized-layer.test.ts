import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../../test/finite-differences.js'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { saveAndLoad } from '../../../test/save-and-load.js'
import { fakeQuantize } from '../../quantize.js'
import { affine } from '../../scheme.js'
import { quantizeFilters, quantizeInput, quantizeWeights } from '../quantization-state.js'
import { quantizedLayers } from '../quantized-layers.js'
import { QuantizedConv2D, type QuantizedConv2DArgs } from './quantized-conv2d.js'
import { QuantizedDense, type QuantizedDenseArgs } from './quantized-dense.js'

const inputRange = { scale: 0.25, zeroPoint: 3, levels: 16 }
const weightRange = { scale: 0.125, zeroPoint: 8, levels: 16 }
const channelRange = { scale: [0.125, 0.25, 0.0625], zeroPoint: [8, 7, 6], levels: 16, axis: -1 }

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)
const randomly = (seed: number) => tf.initializers.randomNormal({ stddev: 0.5, seed })

function dense(args: Partial<QuantizedDenseArgs> = {}) {
  const layer = new QuantizedDense({
    name: 'd',
    inputShape: [5],
    units: 3,
    kernelInitializer: randomly(1),
    biasInitializer: randomly(2),
    ...args,
  })
  return { layer, model: tf.sequential({ layers: [layer] }) }
}

function convolution(args: Partial<QuantizedConv2DArgs> = {}) {
  const layer = new QuantizedConv2D({
    name: 'c',
    inputShape: [6, 5, 2],
    filters: 3,
    kernelSize: [2, 3],
    kernelInitializer: randomly(1),
    biasInitializer: randomly(2),
    ...args,
  })
  return { layer, model: tf.sequential({ layers: [layer] }) }
}

const predict = (model: tf.LayersModel, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync<'float32'>()
const numbers = (tensor: tf.Tensor) => tensor.dataSync<'float32'>()

onEachBackend(() => {
  describe('a layer with nothing quantized', () => {
    it('is the float layer, bit for bit, activation included', () => {
      for (const activation of ['linear', 'relu', 'tanh', 'softmax'] as const) {
        for (const geometry of [
          { padding: 'same' as const },
          { strides: 2 },
          { dilationRate: 2 },
          { useBias: false },
        ]) {
          const { layer, model } = convolution({ activation, kernelSize: 2, ...geometry })
          const float = tf.sequential({
            layers: [tf.layers.conv2d({ inputShape: [6, 5, 2], filters: 3, kernelSize: 2, activation, ...geometry })],
          })
          float.setWeights(layer.bias === null ? [layer.kernel.read()] : [layer.kernel.read(), layer.bias.read()])
          const x = random([4, 6, 5, 2], 3)
          expect(predict(model, x)).toEqual(predict(float, x))
          expect(layer.outputShape).toEqual(float.outputShape)
        }
      }
    })

    it('has the weights of the float layer by their names, and masks that do not train', () => {
      const { layer, model } = dense()
      expect(layer.trainableWeights.map((weight) => weight.originalName)).toEqual(['d/kernel', 'd/bias'])
      expect(layer.nonTrainableWeights.map((weight) => weight.originalName)).toEqual(['d/kernel_mask', 'd/bias_mask'])
      expect(model.weights).toHaveLength(4)
      layer.trainable = false
      expect(layer.trainableWeights).toEqual([])
    })

    it('applies the activation that it took in', () => {
      const { model, layer } = dense({ inputActivation: { minimum: -0.5, maximum: 0.5 } })
      const x = random([8, 5], 3)
      const expected = tf.matMul(tf.clipByValue(x, -0.5, 0.5), layer.kernel.read()).add(layer.bias!.read())
      expect(largestDifference(predict(model, x), numbers(expected))).toBeLessThan(1e-6)
    })
  })

  describe('a layer with everything quantized', () => {
    it('is the product of what fakeQuantize gives, but for rounding', () => {
      for (const range of [weightRange, channelRange]) {
        const { layer, model } = dense()
        quantizeInput(layer, inputRange)
        quantizeFilters(layer, { from: 0, to: 3 }, range)
        const x = random([8, 5], 3)
        const input = tf.tensor(fakeQuantize(numbers(x), inputRange), [8, 5])
        const kernel = tf.tensor(fakeQuantize(numbers(layer.kernel.read()), range, [5, 3]), [5, 3])
        const expected = tf.matMul(input, kernel).add(layer.bias!.read())
        // Biases are off by half a combined scale at most.
        expect(largestDifference(predict(model, x), numbers(expected))).toBeLessThan(0.25 * 0.25 * 0.5 + 1e-5)
      }
    })

    it('takes inputs of any rank from 2, as dense layers do', () => {
      const { layer, model } = dense({ inputShape: [4, 5] })
      quantizeInput(layer, inputRange)
      const x = random([2, 4, 5], 3)
      expect(model.outputShape).toEqual([null, 4, 3])
      const { layer: flatLayer, model: flatModel } = dense()
      quantizeInput(flatLayer, inputRange)
      flatLayer.setWeights(layer.getWeights())
      expect(predict(model, x)).toEqual(predict(flatModel, tf.reshape(x, [8, 5])))
    })

    it('lets the activation that it took in narrow its input', () => {
      const { layer, model } = dense({ inputActivation: { minimum: 0, maximum: 1.3 } })
      const { layer: plainLayer, model: plainModel } = dense()
      plainLayer.setWeights(layer.getWeights())
      for (const each of [layer, plainLayer]) quantizeInput(each, inputRange)
      const x = random([8, 5], 3)
      expect(predict(model, x)).toEqual(predict(plainModel, tf.minimum(tf.maximum(x, 0), 1.3)))
    })

    it('shows NaN of input and weights', () => {
      const { layer, model } = convolution()
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, weightRange)
      const x = numbers(random([1, 6, 5, 2], 3)).slice()
      x[7] = Number.NaN
      expect(predict(model, tf.tensor(x, [1, 6, 5, 2])).some(Number.isNaN)).toBe(true)
      layer.kernel.write(tf.fill(layer.kernel.shape as number[], Number.NaN))
      expect(predict(model, random([1, 6, 5, 2], 3)).every(Number.isNaN)).toBe(true)
    })
  })

  describe('a layer with a part quantized', () => {
    it('quantizes the filters that are named with their biases, and leaves the others', () => {
      const { layer, model } = convolution()
      const x = random([2, 6, 5, 2], 3)
      const filtersOf = (values: Float32Array, filter: number) => values.filter((_, i) => i % 3 === filter)
      quantizeInput(layer, inputRange)
      const floatWeights = predict(model, x)
      quantizeFilters(layer, { from: 1, to: 2 }, weightRange)
      const one = predict(model, x)
      expect(largestDifference(filtersOf(one, 0), filtersOf(floatWeights, 0))).toBeLessThan(1e-5)
      expect(largestDifference(filtersOf(one, 1), filtersOf(floatWeights, 1))).toBeGreaterThan(0.01)
      quantizeFilters(layer, { from: 2, to: 3 }, weightRange)
      const two = predict(model, x)
      expect(filtersOf(two, 1)).toEqual(filtersOf(one, 1))
      expect(largestDifference(filtersOf(two, 2), filtersOf(one, 2))).toBeGreaterThan(0.01)
      expect([...layer.biasMask!.read().dataSync()]).toEqual([0, 1, 1])
    })

    it('quantizes single weights, and a bias once its filter is whole', () => {
      const { layer } = dense()
      const mask = Array.from({ length: 15 }, (_, i) => (i % 3 === 1 || i === 0 ? 1 : 0))
      quantizeWeights(layer, mask, weightRange)
      expect([...layer.kernelMask.read().dataSync()]).toEqual(mask)
      expect([...layer.biasMask!.read().dataSync()]).toEqual([0, 1, 0])
    })

    it('rounds weights alone where the input is float, and no bias', () => {
      const { layer, model } = dense()
      quantizeFilters(layer, { from: 0, to: 3 }, weightRange)
      const x = random([8, 5], 3)
      const kernel = tf.tensor(fakeQuantize(numbers(layer.kernel.read()), weightRange), [5, 3])
      expect(largestDifference(predict(model, x), numbers(tf.matMul(x, kernel).add(layer.bias!.read())))).toBeLessThan(
        1e-5,
      )
    })
  })

  describe('training', () => {
    it('has gradients of the float layer where nothing is quantized', () => {
      const { layer, model } = dense({ inputActivation: { minimum: -0.5, maximum: 0.5 } })
      const x = random([8, 5], 3)
      const loss = (x: tf.Tensor) => tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar
      const { grads } = tf.variableGrads(() => loss(x))
      const plain = (kernel: tf.Tensor) =>
        tf.mean(tf.square(tf.matMul(tf.clipByValue(x, -0.5, 0.5), kernel).add(layer.bias!.read())))
      expect(
        largestDifference(numbers(grads[layer.kernel.name]!), finiteDifferences(plain, layer.kernel.read())),
      ).toBeLessThan(2e-3)
    })

    it('passes gradients straight through the rounding, and none where a clamp cut', () => {
      const { layer, model } = dense({ useBias: true })
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 2 }, weightRange)
      layer.kernel.write(tf.tensor2d([0.3, 5, 5, -0.3, -5, 0.2, 0.8, 0.8, 0.9, 0.1, 0.2, 0.3, -1, -1, -1], [5, 3]))
      // Codes less the zero point reach from -3 to 12: -0.75 to 3.
      const x = tf.tensor2d([-0.8, -0.7, 0.1, 3, 3.1], [1, 5])
      const dy = tf.tensor2d([1, 10, 100], [1, 3])
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(model.apply(x) as tf.Tensor, dy)) as tf.Scalar)
      const a = numbers(x).map((value) => Math.max(-3, Math.min(12, Math.round(value * 4))) * 0.25)
      // -8 to 7 times 1/8; the third filter is float and has no bounds.
      const inside = [1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
      const expectedKernel = inside.map((gate, i) => gate * a[Math.floor(i / 3)]! * [1, 10, 100][i % 3]!)
      expect(largestDifference(numbers(grads[layer.kernel.name]!), expectedKernel)).toBeLessThan(1e-4)
      expect(largestDifference(numbers(grads[layer.bias!.name]!), [1, 10, 100])).toBeLessThan(1e-4)

      const dx = numbers(tf.grad((t) => tf.sum(tf.mul(model.apply(t) as tf.Tensor, dy)))(x))
      const kernel = numbers(layer.kernel.read()).map((w, i) =>
        i % 3 === 2 ? w : Math.max(-8, Math.min(7, Math.round(w * 8))) / 8,
      )
      const expectedInput = [0, 1, 1, 1, 0].map(
        (gate, i) => gate * (kernel[3 * i]! + 10 * kernel[3 * i + 1]! + 100 * kernel[3 * i + 2]!),
      )
      expect(largestDifference(dx, expectedInput)).toBeLessThan(1e-3)
    })

    it('adds the losses of its regularizers', () => {
      const { layer } = dense({ kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }) })
      const expected = 0.5 * numbers(layer.kernel.read()).reduce((sum, w) => sum + w * w, 0)
      const [loss] = layer.calculateLosses()
      expect(loss!.dataSync()[0]).toBeCloseTo(expected, 4)
    })

    it('leaves no tensors behind, however many steps it takes', () => {
      const { layer, model } = dense()
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 2 }, channelRange)
      const x = random([8, 5], 3)
      const optimizer = tf.train.sgd(0.01)
      const step = () => optimizer.minimize(() => tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar)
      step()
      const before = tf.memory()
      for (let i = 0; i < 5; i++) step()
      expect(tf.memory().numTensors).toBe(before.numTensors)
      expect(tf.memory().numBytes).toBe(before.numBytes)
      layer.setInputRange({ ...inputRange, scale: 0.5 })
      step()
      expect(tf.memory().numTensors).toBe(before.numTensors)
    })

    it('learns in model.fit()', async () => {
      const layers = [
        new QuantizedDense({ inputShape: [2], units: 8, activation: 'relu', kernelInitializer: randomly(4) }),
        new QuantizedDense({ units: 1, kernelInitializer: randomly(5) }),
      ]
      const model = tf.sequential({ layers })
      quantizeInput(layers[0]!, { scale: 1, zeroPoint: 1, levels: 4 })
      quantizeInput(layers[1]!, { scale: 0.25, zeroPoint: 0, levels: 16 })
      for (const layer of layers) {
        quantizeFilters(layer, { from: 0, to: layer.filters }, { scale: 0.25, zeroPoint: 8, levels: 16 })
      }
      const x = tf.tensor2d([-1, -1, -1, 1, 1, -1, 1, 1], [4, 2])
      const y = tf.tensor2d([1, -1, -1, 1], [4, 1])
      model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' })
      const { history } = await model.fit(x, y, { epochs: 60, batchSize: 4, verbose: 0, shuffle: false })
      const losses = history.loss as number[]
      expect(losses[0]).toBeGreaterThan(0.5)
      expect(losses.at(-1)).toBeLessThan(0.1)
      expect(predict(model, x).map(Math.sign)).toEqual(numbers(y))
    })
  })

  describe('a saved and loaded layer', () => {
    it('computes the same and is in the same state', async () => {
      const { layer, model } = convolution({
        padding: 'same',
        activation: 'tanh',
        inputActivation: { minimum: 0 },
        inputScheme: affine({ levels: 25 }),
        weightScheme: affine({ bits: 3, axis: -1 }),
      })
      quantizeInput(layer, { scale: Math.fround(0.1), zeroPoint: 0, levels: 25 })
      quantizeFilters(layer, { from: 1, to: 3 }, channelRange)
      const loaded = await saveAndLoad(model)
      const [copy] = quantizedLayers(loaded)
      expect(copy).toBeInstanceOf(QuantizedConv2D)
      expect(copy!.getConfig()).toEqual(layer.getConfig())
      expect(copy!.inputActivation).toEqual({ minimum: 0 })
      expect(copy!.weightScheme).toEqual(affine({ bits: 3, axis: -1 }))
      const x = random([2, 6, 5, 2], 3)
      expect(predict(loaded, x)).toEqual(predict(model, x))
    })
  })

  describe('disposal', () => {
    it('gives everything back', () => {
      const before = tf.memory().numTensors
      const { layer, model } = dense({ kernelInitializer: 'ones', biasInitializer: 'ones' })
      quantizeInput(layer, inputRange)
      quantizeFilters(layer, { from: 0, to: 3 }, weightRange)
      tf.dispose(model.predict(tf.tidy(() => tf.keep(tf.ones([1, 5])))))
      model.dispose()
      expect(tf.memory().numTensors).toBe(before + 1)
    })
  })
})

describe('what a layer refuses', () => {
  it('ranges that are none, or not this layer’s', () => {
    const { layer } = dense()
    expect(() => layer.setInputRange({ scale: 0, zeroPoint: 0, levels: 4 })).toThrow(/setInputRange\(\): scale is 0/)
    expect(() => layer.setWeightRange({ ...channelRange, axis: 0 })).toThrow(
      /3 scales on axis 0 for d, expected 3 on axis 1/,
    )
    expect(() => layer.setWeightRange({ ...channelRange, scale: [1, 1], zeroPoint: [0, 0] })).toThrow(/2 scales/)
    const wrong = new QuantizedDense({ inputShape: [5], units: 2, weightRange: channelRange })
    expect(() => tf.sequential({ layers: [wrong] })).toThrow(/3 scales/)
  })

  it('an input activation that leaves zero out, and a data format that is not channelsLast', () => {
    expect(() => dense({ inputActivation: { minimum: 1, maximum: 2 } })).toThrow(/inputActivation is 1..2/)
    expect(() => convolution({ dataFormat: 'channelsFirst' })).toThrow(/data format of c is channelsFirst/)
  })

  it('to show weights that it has not yet', () => {
    expect(() => new QuantizedDense({ units: 2, name: 'early' }).kernel).toThrow(/early has no weights yet/)
  })

  it('filters and masks that do not fit', () => {
    const { layer } = dense()
    expect(() => quantizeFilters(layer, { from: 2, to: 4 }, weightRange)).toThrow(/filters 2 to 4 of d/)
    expect(() => quantizeWeights(layer, [1, 0], weightRange)).toThrow(/a mask of 2 for d, expected 15/)
    expect(() => quantizeWeights(layer, new Array(15).fill(0.5), weightRange)).toThrow(/mask 0 is 0.5 for d/)
  })
})
