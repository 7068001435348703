import { type LayerQuantizer, quantizeModel } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import type { Batches, TrainingBatch } from '../src/index.js'

const size = 4
const classes = 3

/** Three stripe patterns under noise, 4x4x2; the batch of a step is a pure function of (seed, step). */
export function toyBatches({ batchSize = 8, seed = 1 } = {}): Batches {
  return function* (fromStep) {
    for (let step = fromStep; ; step++) yield toyBatch(batchSize, (seed * 1000003 + step) >>> 0)
  }
}

function toyBatch(batchSize: number, seed: number): TrainingBatch {
  const random = generator(seed)
  const labels = Int32Array.from({ length: batchSize }, () => Math.floor(random() * classes))
  const images = new Float32Array(batchSize * size * size * 2)
  images.forEach((_, i) => {
    const [n, y, x] = [Math.floor(i / 32), Math.floor(i / 8) % size, Math.floor(i / 2) % size]
    const stripe = [y % 2, x % 2, (x + y) % 2][labels[n]!]!
    images[i] = 0.6 * stripe + 0.8 * random()
  })
  return { images, labels }
}

/** A float network in the shape of the CIFAR-10 ones: 1x1 stem, activations before their layers, a float classifier. */
export function toyNetwork({ seed = 7, trainableStem = true } = {}): tf.LayersModel {
  const init = (i: number) => tf.initializers.glorotUniform({ seed: seed + i })
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'stem',
        inputShape: [size, size, 2],
        filters: 4,
        kernelSize: 1,
        kernelInitializer: init(0),
        biasInitializer: tf.initializers.constant({ value: 0.5 }),
        trainable: trainableStem,
      }),
      tf.layers.reLU({ name: 'act1', maxValue: 6 }),
      tf.layers.conv2d({ name: 'conv1', filters: 6, kernelSize: 3, padding: 'same', kernelInitializer: init(1) }),
      tf.layers.reLU({ name: 'act2', maxValue: 6 }),
      tf.layers.conv2d({ name: 'conv2', filters: 5, kernelSize: 3, kernelInitializer: init(2) }),
      tf.layers.reLU({ name: 'act3', maxValue: 6 }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'fc1', units: 7, kernelInitializer: init(3) }),
      tf.layers.reLU({ name: 'act4', maxValue: 6 }),
      tf.layers.dense({ name: 'classifier', units: classes, kernelInitializer: init(4) }),
    ],
  })
}

export function quantizableToy(
  options: { bits?: number; perChannel?: boolean; trainableStem?: boolean; quantizer?: LayerQuantizer } = {},
) {
  const { bits = 3, perChannel = false, trainableStem = true, quantizer = 'straightThrough' } = options
  return quantizeModel(toyNetwork({ trainableStem }), { bits, perChannel, quantizer, float: ['stem', 'classifier'] })
}

/** Every weight's bits, by name. */
export function weightBits(model: tf.LayersModel): Record<string, Uint32Array> {
  return Object.fromEntries(
    model.weights.map((weight) => [
      weight.originalName,
      new Uint32Array(weight.read().dataSync<'float32'>().slice().buffer),
    ]),
  )
}

/** Share of right answers over some batches. */
export function accuracy(model: tf.LayersModel, batches: Batches, count = 20): number {
  const iterator = (batches(0) as Iterable<TrainingBatch>)[Symbol.iterator]()
  let right = 0
  let total = 0
  for (let i = 0; i < count; i++) {
    const { images, labels } = iterator.next().value as TrainingBatch
    const answers = tf.tidy(() => {
      const x = tf.tensor4d(images, [labels.length, size, size, 2])
      return tf.argMax(model.predict(x) as tf.Tensor, 1).dataSync()
    })
    answers.forEach((answer, n) => {
      right += answer === labels[n] ? 1 : 0
    })
    total += answers.length
  }
  return right / total
}

/** mulberry32 */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
