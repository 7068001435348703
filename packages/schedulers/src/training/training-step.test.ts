import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantizableToy, toyBatches } from '../../test/toy-problem.js'
import { beginStage } from './begin-stage.js'
import { disposeTrainable, trainableUnder } from './trainable.js'
import type { TrainingBatch } from './training-batch.js'
import { trainingStep } from './training-step.js'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** The layers that a step computes gradients of filters and of inputs in, where conv1 and conv2 are quantized so far and frozen. */
async function gradientsIn(
  trainableStem: boolean,
  conv1: [from: number, to: number],
  conv2: [from: number, to: number],
) {
  const model = quantizableToy({ trainableStem })
  const [batch] = toyBatches()(0) as Iterable<TrainingBatch>
  const quantize = [
    { layer: 'conv1', filters: conv1, input: true },
    { layer: 'conv2', filters: conv2, input: true },
  ]
  await beginStage(
    model,
    { name: 'some', quantize, train: 'rest', steps: 1, learningRate: [1, 1] },
    { images: batch!.images },
  )
  const trainable = trainableUnder(model, 'rest')
  const optimizer = tf.train.adam(0.01)
  const state = { learningRate: 0.01, dampening: 0, layers: [], oscillations: null }
  const { kernels } = await tf.profile(() =>
    trainingStep(model, batch!, trainable, optimizer, state, { learningRate: 0.01 }),
  )
  disposeTrainable(trainable)
  optimizer.dispose()
  const layersOf = (kernel: string, filtersShape: (info: (typeof kernels)[number]) => number[]) =>
    kernels.filter(({ name }) => name === kernel).map((info) => layerByInputs[filtersShape(info).at(-2)!])
  return {
    filters: layersOf('Conv2DBackpropFilter', ({ outputShapes }) => outputShapes[0]!),
    inputs: layersOf('Conv2DBackpropInput', ({ inputShapes }) => inputShapes[1]!),
  }
}

/** Channels that go into each of the toy's convolutions. */
const layerByInputs: Readonly<Record<number, string>> = { 2: 'stem', 4: 'conv1', 6: 'conv2' }

describe('trainingStep()', () => {
  it('computes no gradient of frozen filters', async () => {
    expect((await gradientsIn(true, [0, 6], [0, 5])).filters).toEqual(['stem'])
    expect((await gradientsIn(true, [0, 6], [0, 0])).filters).toEqual(['conv2', 'stem'])
  })

  it('computes those of filters that are frozen in part', async () => {
    expect((await gradientsIn(true, [0, 2], [0, 0])).filters).toEqual(['conv2', 'conv1', 'stem'])
  })

  it('computes no gradient of an input before which nothing trains', async () => {
    expect(await gradientsIn(false, [0, 6], [0, 5])).toEqual({ filters: [], inputs: [] })
    expect(await gradientsIn(false, [0, 6], [0, 2])).toEqual({ filters: ['conv2'], inputs: [] })
    expect(await gradientsIn(false, [0, 2], [0, 5])).toEqual({ filters: ['conv1'], inputs: ['conv2'] })
  })
})
