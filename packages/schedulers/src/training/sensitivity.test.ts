import { type Estimator, minMax, mmse } from '@lowbit/quantizers'
import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantizableToy, toyBatches, weightBits } from '../../test/toy-problem.js'
import { neuronByNeuron } from '../plans/index.js'
import { beginStage } from './begin-stage.js'
import { leastSensitiveFirst, measureSensitivity } from './sensitivity.js'
import type { TrainingBatch } from './training-batch.js'

beforeAll(() => tf.setBackend('cpu'))

/** More images than are looked at in one piece, and not a multiple of it. */
const [batch] = toyBatches({ batchSize: 130 })(0) as Iterable<TrainingBatch>

describe('measureSensitivity', () => {
  it('is what quantizing a layer alone adds to the loss, and leaves the model as it was', async () => {
    const model = quantizableToy({ bits: 2 })
    const before = weightBits(model)
    const tensors = tf.memory().numTensors
    const measured = await measureSensitivity(model, batch!)
    expect(measured.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'fc1'])
    expect(weightBits(model)).toEqual(before)
    expect(
      quantizedLayers(model).every(({ inputRange, weightRange }) => inputRange === null && weightRange === null),
    ).toBe(true)
    expect(tf.memory().numTensors).toBe(tensors)

    const loss = () =>
      tf.tidy(() => {
        const x = tf.tensor4d(batch!.images, [130, 4, 4, 2])
        const y = tf.oneHot(tf.tensor1d(Array.from(batch!.labels), 'int32'), 3)
        return tf.losses.softmaxCrossEntropy(y, model.predict(x) as tf.Tensor).dataSync()[0]!
      })
    const float = loss()
    const quantize = [{ layer: 'conv2', filters: [0, 5], input: true }] as const
    await beginStage(model, { name: '', quantize, train: 'all', steps: 0, learningRate: [1, 1] }, batch!)
    expect(measured[1]!.increase).toBeCloseTo(loss() - float, 5)
    await expect(measureSensitivity(model, batch!)).rejects.toThrow('conv2 is quantized; expected all layers float')
  })

  it('leaves learned steps as they were', async () => {
    const model = quantizableToy({ bits: 2, quantizer: 'lsq' })
    const before = weightBits(model)
    const tensors = tf.memory().numTensors
    await measureSensitivity(model, batch!)
    expect(weightBits(model)).toEqual(before)
    expect(tf.memory().numTensors).toBe(tensors)
  })

  it('leaves learned steps as they were where the estimator fails too', async () => {
    const model = quantizableToy({ bits: 2, quantizer: 'lsq' })
    const before = weightBits(model)
    const tensors = tf.memory().numTensors
    let calls = 0
    const estimator = ((...given: Parameters<typeof mmse>) => {
      calls += 1
      if (calls === 4) throw new Error('no range')
      return mmse(...given)
    }) as Estimator
    await expect(measureSensitivity(model, batch!, { estimator })).rejects.toThrow('no range')
    expect(weightBits(model)).toEqual(before)
    expect(tf.memory().numTensors).toBe(tensors)
  })

  it.each([
    [2, 1],
    [10, 5],
    [0, 0],
    [5, 10],
  ])('refuses %i images with %i labels', async (images, labels) => {
    const some = { images: batch!.images.subarray(0, 32 * images), labels: Array.from(batch!.labels).slice(0, labels) }
    await expect(measureSensitivity(quantizableToy(), some)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringContaining(`${32 * images} image values and ${labels} labels; expected 32 values`),
    })
  })

  it('falls with the width', async () => {
    const total = async (bits: number) =>
      (await measureSensitivity(quantizableToy({ bits }), batch!)).reduce(
        (sum, { increase }) => sum + Math.abs(increase),
        0,
      )
    expect(await total(8)).toBeLessThan(0.05 * (await total(2)))
  })

  it('is of the ranges that the estimator finds', async () => {
    const plain = await measureSensitivity(quantizableToy({ bits: 2 }), batch!)
    const by = (estimator: Estimator) => measureSensitivity(quantizableToy({ bits: 2 }), batch!, { estimator })
    expect(await by(mmse)).toEqual(plain)
    expect(await by(minMax)).not.toEqual(plain)
  })

  it('gives an order that schedules take', () => {
    const order = leastSensitiveFirst([
      { name: 'conv1', increase: 0.3 },
      { name: 'conv2', increase: -0.01 },
      { name: 'fc1', increase: 0.1 },
    ])
    expect(order).toEqual(['conv2', 'fc1', 'conv1'])
    const plan = neuronByNeuron(quantizedLayers(quantizableToy()), { steps: 10, groups: 1, order })
    expect(plan.stages.map(({ name }) => name)).toEqual(['conv2 1/1', 'fc1 1/1', 'conv1 1/1', 'whole'])
  })
})
