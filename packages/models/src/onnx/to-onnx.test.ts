import { calibrate, HardTanh, quantizeModel, Relu6, Tanh } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { chain } from '../../test/chain.js'
import { quantizedNetwork } from '../../test/quantized-network.js'
import { randomImages } from '../../test/random-images.js'
import { type CnnName, cnn } from '../cnn.js'
import { OptionAShortcut } from '../option-a-shortcut.js'
import { resnet } from '../resnet.js'
import { toOnnx } from './to-onnx.js'

beforeAll(() => tf.setBackend('wasm'))

const { averagePooling2d, conv2d, dense, flatten, globalAveragePooling2d } = tf.layers
const { maxPooling2d, reLU, rescaling, zeroPadding2d } = tf.layers

/** What onnxruntime gives for these images. */
async function runOnnx(model: tf.LayersModel, images: tf.Tensor): Promise<tf.Tensor> {
  const session = await InferenceSession.create(toOnnx(model))
  const input = new Tensor('float32', images.dataSync<'float32'>(), images.shape)
  const { [session.outputNames[0]!]: output } = await session.run({ [session.inputNames[0]!]: input })
  return tf.tensor(output!.data as Float32Array, [...output!.dims])
}

/** The largest difference between tfjs and onnxruntime, in units of the largest value. */
async function difference(model: tf.LayersModel, images: tf.Tensor): Promise<number> {
  const [expected, found] = [model.predict(images) as tf.Tensor, await runOnnx(model, images)]
  expect(found.shape).toEqual(expected.shape)
  return expected.sub(found).abs().max().div(expected.abs().max()).dataSync()[0]!
}

describe('toOnnx: onnxruntime computes what tfjs does', () => {
  let images: tf.Tensor
  beforeAll(() => {
    images = randomImages(3, [9, 7, 3], 1).mul(4).sub(2)
  })

  it.each<[string, () => tf.layers.Layer[]]>([
    ['conv2d', () => [conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 1] })]],
    ['conv2d same, relu', () => [conv2d({ filters: 4, kernelSize: [3, 2], padding: 'same', activation: 'relu' })]],
    ['zero padding, conv2d', () => [zeroPadding2d(), conv2d({ filters: 2, kernelSize: 3, strides: 2 })]],
    ['max-pool', () => [maxPooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' })]],
    ['average-pool, hardtanh', () => [averagePooling2d({ poolSize: [3, 2] }), new HardTanh()]],
    ['relu6, tanh', () => [rescaling({ scale: 5 }), new Relu6(), new Tanh()]],
    ['global average-pool, dense', () => [globalAveragePooling2d({}), dense({ units: 5 })]],
    ['flatten, dense', () => [flatten(), dense({ units: 5 })]],
    ['option A shortcut', () => [conv2d({ filters: 3, kernelSize: 2 }), new OptionAShortcut({ filters: 8 })]],
  ])('%s, float', async (_, layers) => {
    expect(await difference(chain(...layers()), images)).toBeLessThan(1e-6)
  })

  it.each<[string, () => tf.layers.Layer[]]>([
    ['conv2d', () => [conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 1] })]],
    ['relu, zero padding, conv2d', () => [reLU(), zeroPadding2d(), conv2d({ filters: 2, kernelSize: 3, strides: 2 })]],
    ['hardtanh, conv2d, relu', () => [new HardTanh(), conv2d({ filters: 2, kernelSize: 2, activation: 'relu' })]],
    ['flatten, dense', () => [flatten(), dense({ units: 5 })]],
  ])('%s, quantized', async (_, layers) => {
    for (const options of [{ bits: 2 }, { bits: 8, perChannel: true }, { levels: 25 }]) {
      const model = quantizeModel(chain(...layers()), options)
      await calibrate(model, images)
      expect(await difference(model, images)).toBeLessThan(1e-6)
    }
  })

  it.each<[CnnName, number, boolean]>([
    ['CNN6', 2, false],
    ['CNN6', 3, true],
    ['CNN6', 8, true],
    ['CNN10', 4, false],
  ])('%s at %d bits, per filter: %s: the same classes', async (name, bits, perChannel) => {
    const photographs = randomImages(8, [32, 32, 3], 3)
    const options = { bits, perChannel, float: ['conv0', 'fc2'] }
    const model = await quantizedNetwork(cnn(name, { seed: 1 }), photographs, options)
    const [expected, found] = [model.predict(photographs) as tf.Tensor, await runOnnx(model, photographs)]
    expect(found.argMax(1).arraySync()).toEqual(expected.argMax(1).arraySync())
    // A sum that lies on the border of two codes may fall to either side.
    expect(expected.sub(found).abs().max().dataSync()[0]).toBeLessThan(1e-2)
  })

  it('ResNet-20 at 4 bits: the same classes', async () => {
    const photographs = randomImages(4, [32, 32, 3], 3)
    const model = await quantizedNetwork(resnet('ResNet-20', { seed: 1 }), photographs, { bits: 4, float: ['linear'] })
    const [expected, found] = [model.predict(photographs) as tf.Tensor, await runOnnx(model, photographs)]
    expect(found.argMax(1).arraySync()).toEqual(expected.argMax(1).arraySync())
  })
})
