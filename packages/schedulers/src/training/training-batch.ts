import * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

/** One batch as plain arrays; `@lowbit/datasets` yields such ones. */
export interface TrainingBatch {
  /** Row-major values of [n, ...input shape of the model]. */
  readonly images: Float32Array
  /** Class of each of the n images, 0 <= class < classes. */
  readonly labels: ArrayLike<number>
}

/**
 * The training stream from a step of the run on (`(from) => split.batches({ size: 100, seed: 1, from })`). The batch of
 * a step has to be the same however the stream got there: resuming relies on it.
 */
export type Batches = (fromStep: number) => Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>

/** The batch of each next step, from step `from` on. */
export function openBatches(batches: Batches, from: number): BatchReader {
  const stream = batches(from)
  const iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]()
  let step = from
  return {
    async next() {
      const { done, value } = await iterator.next()
      if (done === true) {
        throw new SchedulerError('DATA', `train(): the batches end before step ${step}; expected one for every step`)
      }
      step += 1
      return value
    },
    async close() {
      await iterator.return?.()
    },
  }
}

export interface BatchReader {
  next(): Promise<TrainingBatch>
  close(): Promise<void>
}

/**
 * The first `count` images of the stream (whole batches, the last one cut) as one array, to estimate ranges on.
 */
export async function firstImages(batches: Batches, model: tf.LayersModel, count: number): Promise<Float32Array> {
  const size = imageSize(model)
  const images = new Float32Array(count * size)
  const reader = openBatches(batches, 0)
  try {
    for (let filled = 0; filled < images.length; ) {
      const batch = (await reader.next()).images
      checkImages(batch, size)
      const some = batch.subarray(0, images.length - filled)
      images.set(some, filled)
      filled += some.length
    }
  } finally {
    await reader.close()
  }
  return images
}

/** Images as the model takes them, [n, ...input shape]. */
export function imageTensor(model: tf.LayersModel, images: Float32Array): tf.Tensor {
  const size = imageSize(model)
  checkImages(images, size)
  return tf.tensor(images, [images.length / size, ...imageShape(model)])
}

/**
 * Labels as probabilities [n, classes]: 1 - smoothing on the class and smoothing spread evenly over all
 * (Szegedy et al. 2016, "Rethinking the Inception Architecture").
 */
export function labelTensor(labels: ArrayLike<number>, classes: number, smoothing: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes).fill(smoothing / classes)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new SchedulerError('DATA', `train(): label ${i} of a batch is ${label}; expected 0..${classes - 1}`)
    }
    values[i * classes + label]! += 1 - smoothing
  }
  return tf.tensor2d(values, [labels.length, classes])
}

function checkImages({ length }: Float32Array, size: number): void {
  if (length > 0 && length % size === 0) return
  throw new SchedulerError('DATA', `train(): ${length} image values in a batch; expected a multiple of ${size}`)
}

function imageShape(model: tf.LayersModel): number[] {
  return model.inputs[0]!.shape.slice(1).map((size) => size!)
}

/** Numbers of one image. */
export function imageSize(model: tf.LayersModel): number {
  return imageShape(model).reduce((a, b) => a * b, 1)
}
