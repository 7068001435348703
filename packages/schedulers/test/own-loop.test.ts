import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import {
  filterByFilter,
  incremental,
  layerByLayer,
  neuronByNeuron,
  type Schedule,
  type TrainingBatch,
  train,
} from '../src/index.js'
import { collect } from './collect.js'
import { ownLoop } from './own-loop.js'
import { quantizableToy, toyBatches, weightBits } from './toy-problem.js'

beforeAll(() => tf.setBackend('cpu'))

const schedules: Record<string, Schedule> = {
  layerByLayer,
  filterByFilter: (layers, options) => filterByFilter(layers, { ...options, groups: 2 }),
  neuronByNeuron: (layers, options) => neuronByNeuron(layers, { ...options, groups: 2, estimateRanges: 'stage' }),
  incremental,
}

it.each(Object.keys(schedules))('a loop of one’s own carries %s out to the bits of train()', async (name) => {
  const batches = toyBatches()
  const stream = () => (batches(0) as Iterable<TrainingBatch>)[Symbol.iterator]()
  const [data, first] = [stream(), stream()]
  const images = Array.from({ length: 4 }, () => [...(first.next().value as TrainingBatch).images]).flat()
  const nextBatch = () => {
    const { images, labels } = data.next().value as TrainingBatch
    return [
      tf.tensor4d(images, [labels.length, 4, 4, 2]),
      tf.cast(tf.oneHot(tf.tensor1d(Array.from(labels), 'int32'), 3), 'float32') as tf.Tensor2D,
    ] as const
  }
  const [mine, theirs] = [quantizableToy(), quantizableToy()]
  const plan = schedules[name]!(quantizedLayers(mine), { steps: 20 })
  await ownLoop(mine, plan, nextBatch, Float32Array.from(images))
  const options = { learningRate: 0.01, decay: { kind: 'constant' }, calibration: { count: 32 } } as const
  await collect(train(theirs, plan, batches, options))
  expect(weightBits(mine)).toEqual(weightBits(theirs))
})
