import { decodeNetwork } from '@lowbit/int-kernels/format'
import { runReference, runReferenceValues } from '@lowbit/int-kernels/reference'
import {
  calibrate,
  estimateWeightRange,
  foldBatchNorm,
  HardTanh,
  quantizedLayers,
  quantizeFilters,
  quantizeInput,
  quantizeModel,
  Relu6,
} from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { chain } from '../test/chain.js'
import { quantizedNetwork } from '../test/quantized-network.js'
import { randomImages } from '../test/random-images.js'
import { cnn } from './cnn.js'
import { integerNetwork, lower } from './lower.js'
import { OptionAShortcut } from './option-a-shortcut.js'
import { resnet } from './resnet.js'
import { saveWeights } from './weights.js'

beforeAll(() => tf.setBackend('wasm'))

const { activation, averagePooling2d, conv2d, dense, dropout, flatten, globalAveragePooling2d } = tf.layers
const { maxPooling2d, reLU, rescaling, zeroPadding2d } = tf.layers

/** The largest difference between what the model and its lowered network give for two images, in units of the largest value. */
async function difference(model: tf.LayersModel): Promise<number> {
  const images = randomImages(2, [9, 7, 3], 1).mul(4).sub(2) as tf.Tensor4D
  const network = decodeNetwork(lower(model))
  const expected = (model.predict(images) as tf.Tensor).unstack().map((one) => one.dataSync<'float32'>())
  const found = images.unstack().map((image) => runReference(network, image.dataSync<'float32'>()))
  const largest = Math.max(...expected.map((one) => Math.max(...one.map(Math.abs))))
  expect(found.map((one) => one.length)).toEqual(expected.map((one) => one.length))
  return Math.max(...found.flatMap((one, i) => [...one].map((x, j) => Math.abs(x - expected[i]![j]!) / largest)))
}

async function quantized(model: tf.LayersModel, options: Parameters<typeof quantizeModel>[1]): Promise<tf.LayersModel> {
  const result = quantizeModel(model, options)
  await calibrate(result, randomImages(4, [9, 7, 3], 2).mul(4).sub(2))
  return result
}

type Layers = () => tf.layers.Layer[]

describe('lower of layers that stay float', () => {
  const oneRow = [[1, 0], [2, 1]] as [[number, number], [number, number]] // biome-ignore format: a table
  const chains: [string, Layers][] = [
    ['conv2d valid', () => [conv2d({ filters: 4, kernelSize: [3, 2] })]],
    ['conv2d same, stride 2', () => [conv2d({ filters: 4, kernelSize: [3, 2], strides: 2, padding: 'same' })]],
    ['conv2d without bias', () => [conv2d({ filters: 4, kernelSize: 1, useBias: false, activation: 'relu6' })]],
    ['zero padding, conv2d', () => [zeroPadding2d({ padding: oneRow }), conv2d({ filters: 2, kernelSize: 4 })]],
    ['zero padding, conv2d same', () => [zeroPadding2d(), conv2d({ filters: 2, kernelSize: 5, padding: 'same' })]],
    ['two zero paddings, conv2d', () => [zeroPadding2d(), zeroPadding2d(), conv2d({ filters: 2, kernelSize: 3 })]],
    ['flatten, dense, relu', () => [flatten(), dense({ units: 5, activation: 'relu' })]],
    ['max-pool', () => [maxPooling2d({ poolSize: [2, 3], strides: [2, 1] })]],
    ['max-pool same', () => [maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })]],
    ['relu, zero padding, max-pool', () => [reLU(), zeroPadding2d(), maxPooling2d({ poolSize: 3, strides: 2 })]],
    ['average-pool', () => [averagePooling2d({ poolSize: 2 })]],
    ['global average-pool, dense', () => [globalAveragePooling2d({}), dense({ units: 5 })]],
    ['relu with a maximum', () => [reLU({ maxValue: 0.5 })]],
    ['relu, linear', () => [activation({ activation: 'relu' }), activation({ activation: 'linear' })]],
    ['hardtanh, relu6', () => [new HardTanh(), rescaling({ scale: 20 }), new Relu6()]],
    ['dropout', () => [dropout({ rate: 0.5 }), conv2d({ filters: 2, kernelSize: 1 })]],
    ['option A shortcut', () => [conv2d({ filters: 3, kernelSize: 2 }), new OptionAShortcut({ filters: 8 })]],
    ['flatten', () => [flatten()]],
  ]
  it.each(chains)('%s', async (_, layers) => expect(await difference(chain(...layers()))).toBeLessThan(1e-6))

  it('adds', async () => {
    const image = tf.input({ shape: [9, 7, 3], name: 'image' })
    const model = tf.model({
      inputs: image,
      outputs: tf.layers.add().apply([image, reLU().apply(image) as tf.SymbolicTensor]) as tf.SymbolicTensor,
    })
    expect(await difference(model)).toBe(0)
  })
})

describe('lower of quantized layers', () => {
  const chains: [string, Layers][] = [
    ['conv2d', () => [conv2d({ filters: 4, kernelSize: 3 })]],
    ['relu, conv2d same', () => [reLU(), conv2d({ filters: 4, kernelSize: [3, 2], strides: 2, padding: 'same' })]],
    ['relu6, conv2d, relu', () => [new Relu6(), conv2d({ filters: 4, kernelSize: [3, 2], activation: 'relu' })]],
    ['hardtanh, conv2d without bias', () => [new HardTanh(), conv2d({ filters: 4, kernelSize: 1, useBias: false })]],
    ['relu, zero padding, conv2d', () => [reLU(), zeroPadding2d(), conv2d({ filters: 4, kernelSize: 3, strides: 2 })]],
    ['flatten, dense', () => [flatten(), dense({ units: 5 })]],
    [
      'conv2d, max-pool, conv2d',
      () => [
        conv2d({ filters: 4, kernelSize: 3 }),
        maxPooling2d({}),
        new Relu6(),
        conv2d({ filters: 3, kernelSize: 2 }),
      ],
    ],
  ]
  for (const options of [{ bits: 2 }, { bits: 8, perChannel: true }, { levels: 25, inputLevels: 16 }]) {
    it.each(chains)(`%s, the same bits with ${JSON.stringify(options)}`, async (_, layers) => {
      expect(await difference(await quantized(chain(...layers()), options))).toBe(0)
    })
  }

  it('leaves a quantized layer float where nothing of it is quantized yet', async () => {
    const model = quantizeModel(
      chain(new Relu6(), conv2d({ filters: 4, kernelSize: 3 }), flatten(), dense({ units: 2 })),
      { bits: 3 },
    )
    expect(integerNetwork(model).nodes.map(({ operator }) => operator)).toEqual([
      'clamp',
      'float-conv2d',
      'flatten',
      'float-dense',
    ])
    expect(await difference(model)).toBeLessThan(1e-6)
  })

  it('gives a residual network its very bits, up to the classifier', async () => {
    const image = randomImages(1, [32, 32, 3], 3)
    const model = await quantizedNetwork(resnet('ResNet-20', { seed: 1 }), image, { bits: 4, float: ['linear'] })
    const features = tf.model({ inputs: model.inputs, outputs: model.getLayer('layer3.2.relu2').output })
    const expected = (features.predict(image) as tf.Tensor).dataSync()
    const found = runReferenceValues(integerNetwork(model), image.dataSync<'float32'>()).get('layer3.2.relu2')
    expect(found).toEqual(expected)
  })

  it('writes the graph of CNN6 as it is computed', async () => {
    const images = randomImages(2, [32, 32, 3], 3)
    const model = await quantizedNetwork(cnn('CNN6', { seed: 1 }), images, { bits: 3, float: ['conv0', 'fc2'] })
    const { input, nodes, output } = decodeNetwork(lower(model))
    expect(input).toEqual({ name: 'image', shape: [32, 32, 3] })
    expect(output).toBe('fc2')
    expect(nodes.map(({ operator, name }) => `${operator} ${name}`)).toEqual([
      'float-conv2d conv0',
      'rescale conv0_half',
      'quantize conv1.input',
      'conv2d conv1',
      'max-pool conv1_pool',
      'quantize conv2.input',
      'conv2d conv2',
      'max-pool conv2_pool',
      'quantize conv3.input',
      'conv2d conv3',
      'max-pool conv3_pool',
      'quantize fc1.input',
      'conv2d fc1',
      'tanh fc2_tanh',
      'flatten flatten',
      'float-dense fc2',
    ])
    const first = nodes.find((node) => node.name === 'conv1.input')
    expect(first).toMatchObject({ levels: 8, minimum: 0, maximum: 7 })
  })

  it('packs a 3-bit CNN10 into 3/32 of its float bytes and little more', async () => {
    const folded = foldBatchNorm(cnn('CNN10', { seed: 1 }))
    const model = quantizeModel(folded, { bits: 3, float: ['conv0', 'fc2'] })
    for (const layer of quantizedLayers(model)) {
      quantizeInput(layer, { scale: 1, zeroPoint: 0, levels: 8 })
      quantizeFilters(layer, { from: 0, to: layer.filters }, await estimateWeightRange(layer))
    }
    const float = (await saveWeights(cnn('CNN10', { seed: 1 }))).length
    expect(lower(model).length).toBeLessThan((3 / 32 + 0.04) * float)
  })
})
