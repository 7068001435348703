import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntegerNetwork } from '@lowbit/int-kernels'
import { runReference } from '@lowbit/int-kernels/reference'
import { minMax, mmse } from '@lowbit/quantizers'
import { calibrate, foldBatchNorm, quantizeModel } from '@lowbit/quantizers/tfjs'
import { registerTrainingKernels } from '@lowbit/train-kernels'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CnnName, cnn } from '../src/cnn.js'
import { integerNetwork, lower } from '../src/lower.js'
import { loadPyTorchWeights } from '../src/pytorch-weights.js'
import { resnet } from '../src/resnet.js'
import { cifar10TestImages, dataFolder, hasCifar10 } from './cifar-10-images.js'
import { quantizedNetwork } from './quantized-network.js'
import { randomImages } from './random-images.js'

beforeAll(async () => {
  await tf.setBackend('wasm')
  // Float layers in the order of the integer network's: tfjs's own kernels sum in another one.
  registerTrainingKernels()
})

const floatEnds = ['conv0', 'fc2']

/** The logits' bits, one text an image. */
const bitsOf = (logits: Float32Array) => new Uint32Array(logits.buffer, logits.byteOffset, logits.length).join()

/** Of the model, of the obvious loops on the first images, and of the kernels on all of them. */
async function expectSameBits(model: tf.LayersModel, images: tf.Tensor): Promise<void> {
  const expected = (model.predict(images) as tf.Tensor).unstack().map((one) => bitsOf(one.dataSync<'float32'>()))
  const network = integerNetwork(model)
  const first = images.unstack().slice(0, 4)
  const reference = first.map((image) => bitsOf(runReference(network, image.dataSync<'float32'>())))
  expect(reference).toEqual(expected.slice(0, 4))
  const compiled = await IntegerNetwork.load(lower(model))
  const logits = compiled.run(images.dataSync<'float32'>())
  const classes = logits.length / expected.length
  expect(expected.map((_, i) => bitsOf(logits.subarray(i * classes, (i + 1) * classes)))).toEqual(expected)
  expect(new Set(expected).size).toBe(expected.length)
}

describe("the lowered network's logits are the model's, bit for bit", () => {
  for (const perChannel of [false, true]) {
    it.each([2, 3, 4, 5, 6, 7, 8])(`CNN6, %d bits, ${perChannel ? 'per filter' : 'per tensor'}`, async (bits) => {
      const images = randomImages(8, [32, 32, 3], bits)
      // Ranges that end at the largest value make sums fall exactly between two codes.
      const options = { bits, perChannel, float: floatEnds, estimator: perChannel ? minMax : mmse }
      await expectSameBits(await quantizedNetwork(cnn('CNN6', { seed: 1 }), images, options), images)
    })
  }

  it.each<[CnnName, number]>([
    ['CNN7', 3],
    ['CNN8', 3],
    ['CNN9', 4],
    ['CNN10', 2],
  ])('%s, %d bits', async (name, bits) => {
    const images = randomImages(2, [32, 32, 3], bits)
    const options = { bits, float: floatEnds }
    await expectSameBits(await quantizedNetwork(cnn(name, { seed: 1 }), images, options), images)
  })

  it('CNN6 with trained steps, 3 bits', async () => {
    const images = randomImages(8, [32, 32, 3], 1)
    const options = { bits: 3, quantizer: 'lsq', float: floatEnds } as const
    const model = await quantizedNetwork(cnn('CNN6', { seed: 1 }), images, options)
    const steps = model.weights.filter(({ originalName }) => originalName.endsWith('_step'))
    expect(steps).toHaveLength(8)
    for (const step of steps) step.write(step.read().mul(0.9))
    await expectSameBits(model, images)
  })

  it('ResNet-18 on 32 pixels, 4 bits per filter', async () => {
    const images = randomImages(2, [32, 32, 3], 1)
    const network = resnet('ResNet-18', { seed: 1, imageSize: 32, classes: 10 })
    const options = { bits: 4, perChannel: true, float: ['fc'], estimator: minMax }
    const model = await quantizedNetwork(network, images, options)
    const logits = (model.predict(images) as tf.Tensor).dataSync<'float32'>()
    const runner = await IntegerNetwork.load(lower(model))
    expect(bitsOf(runner.run(images.dataSync<'float32'>()))).toBe(bitsOf(logits))
  })

  describe.skipIf(!hasCifar10)('on CIFAR-10 (skipped without ../shared/data)', () => {
    it.each([2, 3, 4, 5, 6, 7, 8])('CNN6, %d bits', async (bits) => {
      const bytes = cifar10TestImages(64).images
      const images = tf.tensor4d(
        Float32Array.from(bytes, (byte) => byte / 255),
        [64, 32, 32, 3],
      )
      const options = { bits, perChannel: bits % 2 === 0, float: floatEnds }
      await expectSameBits(await quantizedNetwork(cnn('CNN6', { seed: 1 }), images, options), images)
    })

    it('ResNet-20 as trained, 4 bits per filter, and it still names 9 of 10', async () => {
      const network = resnet('ResNet-20', { seed: 1 })
      loadPyTorchWeights(network, readFileSync(join(dataFolder, 'resnet-cifar10/resnet20-cifar10.safetensors')))
      const model = quantizeModel(foldBatchNorm(network), { bits: 4, perChannel: true, float: ['conv1', 'linear'] })
      const { images, labels } = cifar10TestImages(300)
      const [mean, deviation] = [
        [0.485, 0.456, 0.406],
        [0.229, 0.224, 0.225],
      ]
      const normalised = tf.tensor4d(new Float32Array(images), [300, 32, 32, 3]).div(255).sub(mean!).div(deviation!)
      await calibrate(model, normalised.slice([100], [200]))
      const tested = normalised.slice([0], [100])
      const logits = model.predict(tested) as tf.Tensor2D
      const runner = await IntegerNetwork.load(lower(model))
      expect(bitsOf(runner.run(tested.dataSync<'float32'>()))).toBe(bitsOf(logits.dataSync<'float32'>()))
      const right = logits
        .argMax(1)
        .dataSync()
        .filter((found, i) => found === labels[i]).length
      expect(right).toBeGreaterThanOrEqual(90)
    })
  })
})
