import { type ChannelRange, minMax, mmse } from '@lowbit/quantizers'
import { calibrate, observeInputs, quantizedLayer, quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantizableToy, toyBatches, weightBits } from '../../test/toy-problem.js'
import { direct, filterByFilter, incremental, neuronByNeuron, type Plan } from '../plans/index.js'
import { beginStage } from './begin-stage.js'
import { firstImages, imageTensor } from './training-batch.js'

describe('beginStage', () => {
  beforeAll(() => tf.setBackend('cpu'))
  const images = (model: tf.LayersModel) => firstImages(toyBatches(), model, 32)
  const ranges = (model: tf.LayersModel) =>
    quantizedLayers(model).map(({ inputRange, weightRange }) => ({ inputRange, weightRange }))
  const ones = (values: tf.LayerVariable) => values.read().sum().dataSync()[0]
  async function carryOut(model: tf.LayersModel, plan: Plan, between = (_stage: number) => {}) {
    for (const [i, stage] of plan.stages.entries()) {
      await beginStage(model, stage, { images: await images(model) })
      between(i)
    }
  }

  it('does for the direct schedule what calibrate does', async () => {
    const [model, expected] = [quantizableToy(), quantizableToy()]
    await carryOut(model, direct(quantizedLayers(model), { steps: 0 }))
    await calibrate(expected, imageTensor(expected, await images(expected)))
    expect(ranges(model)).toEqual(ranges(expected))
    expect(weightBits(model)).toEqual(weightBits(expected))
  })

  it('finds ranges with the estimator that it is given', async () => {
    const [model, expected] = [quantizableToy(), quantizableToy()]
    const [stage] = direct(quantizedLayers(model), { steps: 0 }).stages
    await beginStage(model, stage!, { images: await images(model), estimator: minMax })
    await calibrate(expected, imageTensor(expected, await images(expected)), { estimator: minMax })
    expect(ranges(model)).toEqual(ranges(expected))
    const incremented = quantizableToy()
    const [first] = incremental(quantizedLayers(incremented), { steps: 0 }).stages
    await beginStage(incremented, first!, { images: await images(incremented), estimator: minMax })
    expect(quantizedLayer(incremented, 'conv1').weightRange).toEqual(quantizedLayer(expected, 'conv1').weightRange)
  })

  it('estimates each input with everything before it quantized, whatever order the stage lists', async () => {
    const [model, reversed] = [quantizableToy({ bits: 2 }), quantizableToy({ bits: 2 })]
    const [stage] = direct(quantizedLayers(model), { steps: 0 }).stages
    await beginStage(model, stage!, { images: await images(model) })
    await beginStage(reversed, { ...stage!, quantize: [...stage!.quantize].reverse() }, { images: await images(model) })
    expect(ranges(reversed)).toEqual(ranges(model))
    const seen = (await observeInputs(model, imageTensor(model, await images(model)), ['fc1'])).get('fc1')!
    expect(quantizedLayer(model, 'fc1').inputRange).toEqual(mmse(seen, quantizedLayer(model, 'fc1').inputScheme))
  })

  it('quantizes the filters of each stage and keeps the range of the first ones', async () => {
    const model = quantizableToy()
    const plan = filterByFilter(quantizedLayers(model), { steps: 0, groups: 3 })
    const conv1 = quantizedLayer(model, 'conv1')
    const seen: unknown[] = []
    await carryOut(model, plan, (i) => {
      if (i >= 3) return
      seen.push([ones(conv1.kernelMask), ones(conv1.biasMask!), quantizedLayer(model, 'conv2').inputRange])
      // What training does to the filters that are still float moves no range.
      if (i === 0) conv1.kernel.write(tf.tidy(() => tf.mul(conv1.kernel.read(), 2)))
    })
    expect(seen).toEqual([
      [2 * 36, 2, null],
      [4 * 36, 4, null],
      [6 * 36, 6, null],
    ])
    const first = quantizableToy()
    await beginStage(first, plan.stages[0]!, { images: await images(first) })
    expect(conv1.weightRange).toEqual(quantizedLayer(first, 'conv1').weightRange)
  })

  it('gives every filter its own range when it is quantized, where ranges are per channel', async () => {
    const model = quantizableToy({ perChannel: true })
    const { stages } = filterByFilter(quantizedLayers(model), { steps: 0, groups: 2 })
    const conv1 = quantizedLayer(model, 'conv1')
    const scales: number[][] = []
    for (const stage of stages.slice(0, 2)) {
      await beginStage(model, stage, { images: await images(model) })
      scales.push([...(conv1.weightRange as ChannelRange).scale])
      conv1.kernel.write(tf.tidy(() => tf.mul(conv1.kernel.read(), 2)))
    }
    expect(scales[1]!.slice(0, 3)).toEqual(scales[0]!.slice(0, 3))
    scales[1]!.slice(3).forEach((scale, i) => {
      expect(scale).toBeCloseTo(2 * scales[0]![3 + i]!, 6)
    })
  })

  it('quantizes the largest weights first where the stage asks for a fraction, biases last', async () => {
    const model = quantizableToy()
    const plan = incremental(quantizedLayers(model), { steps: 0, fractions: [0.25, 1] })
    const conv1 = quantizedLayer(model, 'conv1')
    const seen: unknown[] = []
    await carryOut(model, plan, (i) => {
      seen.push([ones(conv1.kernelMask), ones(conv1.biasMask!)])
      if (i > 0) return
      const [weights, mask] = [conv1.kernel.read().abs().dataSync(), conv1.kernelMask.read().dataSync()]
      const split = [0, 1].map((flag) => [...weights].filter((_, k) => mask[k] === flag))
      expect(Math.max(...split[0]!)).toBeLessThanOrEqual(Math.min(...split[1]!))
    })
    expect(seen).toEqual([
      [54, 0],
      [216, 6],
    ])
  })

  it('estimates ranges anew where the stage says so', async () => {
    const model = quantizableToy()
    const layers = quantizedLayers(model)
    const before: unknown[] = []
    await carryOut(model, neuronByNeuron(layers, { steps: 0, estimateRanges: 'whole' }), (i) => {
      if (i !== 11) return
      before.push(...ranges(model))
      for (const { kernel } of layers) kernel.write(tf.tidy(() => tf.mul(kernel.read(), 2)))
    })
    expect(before).toHaveLength(3)
    ranges(model).forEach((range, i) => {
      expect(range.weightRange).not.toEqual((before[i] as typeof range).weightRange)
    })
    const { stages } = direct(layers, { steps: 0 })
    const fresh = quantizableToy()
    fresh.setWeights(
      model.getWeights().map((weight, i) => (model.weights[i]!.trainable ? weight : tf.zerosLike(weight))),
    )
    await beginStage(fresh, stages[0]!, { images: await images(fresh) })
    expect(ranges(model)).toEqual(ranges(fresh))
  })

  it('leaves no tensors behind', async () => {
    const model = quantizableToy()
    const { stages } = direct(quantizedLayers(model), { steps: 0 })
    await beginStage(model, stages[0]!, { images: await images(model) })
    const before = tf.memory().numTensors
    await beginStage(
      model,
      { ...stages[0]!, quantize: [], estimateRanges: ['conv1', 'fc1'] },
      { images: await images(model) },
    )
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before)
  })
})
