import { createHash } from 'node:crypto'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { type CnnName, cnn, cnnNames } from './cnn.js'
import { layerSummaries } from './summary.js'
import { saveWeights } from './weights.js'

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

describe('cnn', () => {
  // The table of the networks in the design, MACs in millions.
  it.each<[CnnName, number, number]>([
    ['CNN6', 15_598, 0.89],
    ['CNN7', 16_858, 1.55],
    ['CNN8', 29_066, 1.72],
    ['CNN9', 40_674, 1.99],
    ['CNN10', 315_602, 15.3],
  ])('%s has %d parameters and %d million MACs', (name, parameters, macs) => {
    const layers = layerSummaries(cnn(name, { seed: 1 }))
    expect(total(layers.map((layer) => layer.parameters))).toBe(parameters)
    const millions = total(layers.map((layer) => layer.macs)) / 1e6
    expect(millions.toFixed(macs < 10 ? 2 : 1)).toBe(String(macs))
    expect(layers.at(-1)).toMatchObject({ name: 'fc2', kind: 'Dense', outputShape: [10] })
  })

  it('lists its networks', () => expect(cnnNames.map((name) => cnn(name, { seed: 0 }).name)).toEqual(cnnNames))

  it('puts hardtanh before conv1, relu6 before the others, tanh before the classifier', () => {
    expect(cnn('CNN6', { seed: 1 }).layers.map((layer) => `${layer.getClassName()} ${layer.name}`)).toEqual([
      'InputLayer image',
      'Conv2D conv0',
      'BatchNormalization conv0_norm',
      'Rescaling conv0_half',
      'HardTanh conv1_hardtanh',
      'Conv2D conv1',
      'BatchNormalization conv1_norm',
      'MaxPooling2D conv1_pool',
      'Relu6 conv2_relu6',
      'Conv2D conv2',
      'BatchNormalization conv2_norm',
      'MaxPooling2D conv2_pool',
      'Relu6 conv3_relu6',
      'Conv2D conv3',
      'BatchNormalization conv3_norm',
      'MaxPooling2D conv3_pool',
      'Relu6 fc1_relu6',
      'Conv2D fc1',
      'Tanh fc2_tanh',
      'Flatten flatten',
      'Dense fc2',
    ])
  })

  it('gives logits of as many classes as asked for', () => {
    const logits = cnn('CNN6', { seed: 1, classes: 7 }).predict(tf.zeros([2, 32, 32, 3])) as tf.Tensor
    expect(logits.shape).toEqual([2, 7])
  })

  it("starts within PyTorch's bounds, biases too", () => {
    for (const layer of cnn('CNN8', { seed: 3 }).layers) {
      for (const weight of layer.weights.filter(({ originalName }) => /\/(kernel|bias)$/.test(originalName))) {
        const [kernel] = layer.getWeights()
        const bound = 1 / Math.sqrt(total([kernel!.size / kernel!.shape.at(-1)!]))
        const largest = Math.max(...weight.read().dataSync().map(Math.abs))
        expect(largest).toBeLessThanOrEqual(bound)
        if (weight.read().size >= 60) expect(largest).toBeGreaterThan(0.9 * bound)
      }
    }
  })

  it('starts with these bits on every engine and backend', async () => {
    const digest = createHash('sha256').update(await saveWeights(cnn('CNN6', { seed: 1 })))
    expect(digest.digest('hex')).toMatchInlineSnapshot(
      `"9226c6df8631ff6d904af450597bb4cd491ec9a3502a7a123a4ab096ccb4d02d"`,
    )
  })

  it.each<[CnnName, { seed?: number; classes?: number }, string]>([
    ['CNN5' as CnnName, {}, 'network is "CNN5"; expected one of CNN6, CNN7, CNN8, CNN9, CNN10'],
    ['toString' as CnnName, {}, 'network is "toString"'],
    ['CNN6', { classes: 2.5 }, 'classes is 2.5'],
    ['CNN6', { seed: Number.NaN }, 'seed is NaN'],
  ])('refuses %s %j', (name, options, message) => {
    expect(() => cnn(name, { seed: 1, ...options })).toThrow(
      expect.objectContaining({ name: 'ModelError', message: expect.stringContaining(message) }),
    )
  })
})
