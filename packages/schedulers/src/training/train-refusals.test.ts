import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../test/collect.js'
import { quantizableToy, toyBatches, toyNetwork } from '../../test/toy-problem.js'
import { layerByLayer, type Plan } from '../plans/index.js'
import { train } from './train.js'
import type { TrainingOptions } from './training-options.js'

beforeAll(() => tf.setBackend('cpu'))

describe('what train refuses', () => {
  const fails = (model: tf.LayersModel, plan: Plan, options: Partial<TrainingOptions> = {}) =>
    expect(collect(train(model, plan, toyBatches(), { learningRate: 0.01, ...options }))).rejects
  const float: Plan = {
    method: 'float',
    layers: [],
    stages: [{ name: 'float', quantize: [], train: 'all', steps: 30, learningRate: [1, 1] }],
  }

  it('a run that diverges, naming step, stage and weight', async () => {
    await fails(toyNetwork(), float, {
      optimizer: tf.train.sgd,
      learningRate: 1e38,
      reportEvery: 5,
    }).toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/\/(kernel|bias)\[\d+\] is .* after step 5 \(stage float\)/),
    })
  })

  it('a plan for other layers', async () => {
    const plan = layerByLayer([{ name: 'conv9', filters: 4, weightsPerFilter: 9 }], { steps: 3 })
    await fails(quantizableToy(), plan).toThrow('the plan quantizes conv9; expected one of conv1, conv2, fc1')
    const wide = layerByLayer([{ name: 'conv1', filters: 12, weightsPerFilter: 36 }], { steps: 3 })
    await fails(quantizableToy(), wide).toThrow('12 filters of conv1; expected 6, as many as the layer has')
  })

  it('a model that ends in a softmax', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [32], activation: 'softmax' })] })
    await fails(model, float).toThrow("the model ends in 'softmax'; expected logits")
  })

  it('options out of their range', async () => {
    const bad: [Partial<TrainingOptions>, string][] = [
      [{ learningRate: 0 }, 'learningRate is 0; expected a number > 0'],
      [{ labelSmoothing: 1 }, 'labelSmoothing is 1; expected 0 <= share < 1'],
      [{ reportEvery: 0 }, 'reportEvery is 0; expected a whole number >= 1'],
      [{ clipNorm: Number.NaN }, 'clipNorm is NaN; expected a number > 0'],
      [{ distillation: { teacher: toyNetwork(), temperature: 0 } }, 'temperature is 0; expected a number > 0'],
      [{ stepRate: -1 }, 'stepRate is -1; expected a number >= 0'],
      [{ dampening: { weight: -1 } }, 'dampening.weight is -1; expected a number >= 0'],
      [{ smoothing: { share: 0 } }, 'smoothing.share is 0; expected 0 < share <= 1'],
      [{ freezing: { threshold: [0.1, 2] } }, 'freezing.threshold is 2; expected 0..1'],
      [{ freezing: { threshold: [0, 0], momentum: 0 } }, 'freezing.momentum is 0; expected 0 < momentum <= 1'],
      [{ averaging: { decay: 1 } }, 'averaging.decay is 1; expected 0 <= decay < 1'],
      [{ averaging: { decay: 0.9 }, freezing: { threshold: [0, 0] } }, 'averaging and freezing are given'],
      [{ decay: { kind: 'step', every: 0.5, factor: 0.5 } }, 'decay.every is 0.5; expected a whole number >= 1'],
    ]
    for (const [options, message] of bad) await fails(toyNetwork(), float, options).toThrow(message)
  })

  it('batches that end, or hold something else', async () => {
    const short = train(toyNetwork(), float, () => [{ images: new Float32Array(32), labels: [1] }], {
      learningRate: 0.1,
    })
    await expect(collect(short)).rejects.toThrow('the batches end before step 1')
    const two = train(toyNetwork(), float, () => [{ images: new Float32Array(64), labels: [1] }], { learningRate: 0.1 })
    await expect(collect(two)).rejects.toThrow('2 images and 1 labels in a batch; expected as many of both')
  })
})
