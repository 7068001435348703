import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import {
  beginStage,
  disposeTrainable,
  filterByFilter,
  holdFrozen,
  type TrainingBatch,
  train,
  trainableUnder,
} from '../src/index.js'
import { collect } from './collect.js'
import { quantizableToy, toyBatches, weightBits } from './toy-problem.js'

beforeAll(() => tf.setBackend('cpu'))

it('a loop of one’s own carries a plan out as train() does', async () => {
  const batches = toyBatches()
  const model = quantizableToy()
  const plan = filterByFilter(quantizedLayers(model), { steps: 20, groups: 2 })
  const stream = (batches(0) as Iterable<TrainingBatch>)[Symbol.iterator]()
  const first = Array.from({ length: 4 }, () => [...(stream.next().value as TrainingBatch).images]).flat()

  const data = (batches(0) as Iterable<TrainingBatch>)[Symbol.iterator]()
  for (const stage of plan.stages) {
    await beginStage(model, stage, { images: Float32Array.from(first) })
    const trainable = trainableUnder(model, stage.train)
    const optimizer = tf.train.adam(0.01)
    for (let step = 0; step < stage.steps; step++) {
      const { images, labels } = data.next().value as TrainingBatch
      tf.tidy(() => {
        const x = tf.tensor4d(images, [labels.length, 4, 4, 2])
        const y = tf.oneHot(tf.tensor1d(Array.from(labels), 'int32'), 3)
        const loss = () =>
          tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar
        optimizer.minimize(loss, false, trainable.variables)
        holdFrozen(trainable)
      })
    }
    optimizer.dispose()
    disposeTrainable(trainable)
  }

  const other = quantizableToy()
  const options = { learningRate: 0.01, decay: { kind: 'constant' as const }, calibration: { count: 32 } }
  await collect(train(other, plan, batches, options))
  const [mine, theirs] = [weightBits(model), weightBits(other)]
  for (const name of ['conv1/kernel_mask', 'conv2/kernel_mask', 'fc1/bias_mask'])
    expect(mine[name]).toEqual(theirs[name])
  // The two losses round differently, so weights agree closely, not to the bit.
  for (const [i, weight] of model.getWeights().entries()) {
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(weight, other.getWeights()[i]!))).dataSync()[0]!)
    expect(difference).toBeLessThan(1e-2)
  }
})
