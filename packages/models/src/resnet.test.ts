import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { cifar10TestImages, dataFolder, hasCifar10 } from '../test/cifar-10-images.js'
import { loadPyTorchWeights } from './pytorch-weights.js'
import { type ResnetName, resnet } from './resnet.js'

beforeAll(() => tf.setBackend('wasm'))

describe('resnet', () => {
  // The published counts: torchvision's, and He et al. with shortcuts that have no weights.
  it.each<[ResnetName, number, number[]]>([
    ['ResNet-18', 11_689_512, [7, 7, 512]],
    ['ResNet-34', 21_797_672, [7, 7, 512]],
    ['ResNet-20', 269_722, [8, 8, 64]],
    ['ResNet-56', 853_018, [8, 8, 64]],
  ])('%s has %d parameters', (name, parameters, features) => {
    const model = resnet(name, { seed: 1 })
    const trainable = model.trainableWeights.map(({ shape }) => tf.util.sizeFromShape(shape.map((size) => size!)))
    expect(trainable.reduce((sum, size) => sum + size)).toBe(parameters)
    const [, ...shape] = (model.getLayer('avgpool').input as tf.SymbolicTensor).shape
    expect(shape).toEqual(features)
    model.dispose()
  })

  it('takes another image size and number of classes', () => {
    const model = resnet('ResNet-18', { seed: 1, imageSize: 64, classes: 7 })
    expect(model.outputs[0]!.shape).toEqual([null, 7])
    const logits = model.predict(tf.zeros([2, 64, 64, 3])) as tf.Tensor
    expect(logits.shape).toEqual([2, 7])
    model.dispose()
  })

  it('comes back from its topology', async () => {
    const model = resnet('ResNet-20', { seed: 1 })
    const again = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as string))
    again.setWeights(model.getWeights())
    const image = tf.randomUniform([1, 32, 32, 3], -1, 1, 'float32', 5)
    const [a, b] = [model, again].map((network) => (network.predict(image) as tf.Tensor).dataSync())
    expect(b).toEqual(a)
  })

  it('has the same weights for the same seed', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => {
      const kernel = resnet('ResNet-20', { seed }).getLayer('layer3.1.conv2').getWeights()[0]!
      return kernel.dataSync()
    })
    expect(b).toEqual(a)
    expect(c).not.toEqual(a)
  })

  it.each<[ResnetName, { seed?: number; classes?: number; imageSize?: number }, string]>([
    [
      'ResNet-19' as ResnetName,
      {},
      'network is "ResNet-19"; expected one of ResNet-18, ResNet-34, ResNet-20, ResNet-56',
    ],
    ['toString' as ResnetName, {}, 'network is "toString"'],
    ['ResNet-20', { imageSize: 30 }, 'imageSize is 30; expected a multiple of 4 for ResNet-20'],
    ['ResNet-18', { imageSize: 100 }, 'imageSize is 100; expected a multiple of 32 for ResNet-18'],
    ['ResNet-20', { classes: 0 }, 'classes is 0'],
    ['ResNet-20', { seed: -1 }, 'seed is -1'],
  ])('refuses %s %j', (name, options, message) => {
    expect(() => resnet(name, { seed: 1, ...options })).toThrow(
      expect.objectContaining({ name: 'ModelError', message: expect.stringContaining(message) }),
    )
  })
})

const trained = join(dataFolder, 'resnet-cifar10')

describe.skipIf(!hasCifar10)('resnet with the trained weights (skipped without ../shared/data)', () => {
  // What PyTorch 2 gives for the same images: how many are right, and the first image's logits. Of all 10,000 test images
  // ResNet-20 gets 9173 right and ResNet-56 9339.
  it.each<[ResnetName, string, number, number, number[]]>([
    ['ResNet-20', 'resnet20-cifar10.safetensors', 500, 455, [-5.30968, -0.49577, 0.87726, 23.73051, -4.10504]],
    ['ResNet-56', 'resnet56-cifar10.safetensors', 100, 96, [-5.52563, -1.54687, -0.71578, 19.43942, -5.09771]],
  ])('%s does as in PyTorch', (name, file, count, right, logits) => {
    const model = resnet(name, { seed: 1 })
    loadPyTorchWeights(model, readFileSync(join(trained, file)))
    const { images, labels } = cifar10TestImages(count)
    const bytes = tf.tensor4d(new Float32Array(images), [count, 32, 32, 3])
    const normalised = bytes.div(255).sub([0.485, 0.456, 0.406]).div([0.229, 0.224, 0.225])
    const predicted = model.predict(normalised) as tf.Tensor2D
    const classes = predicted.argMax(1).dataSync()
    expect(classes.filter((found, i) => found === labels[i]).length).toBe(right)
    const first = [...predicted.slice([0, 0], [1, logits.length]).dataSync()]
    expect(Math.max(...first.map((logit, i) => Math.abs(logit - logits[i]!)))).toBeLessThan(1e-4)
  })
})
