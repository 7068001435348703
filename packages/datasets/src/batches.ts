import { type Augmentation, checkAugmentations } from './augmentation.js'
import { DatasetError } from './dataset-error.js'
import { permutation } from './permutation.js'
import { random } from './random.js'
import { streams } from './streams.js'
import { drawWarp, type ImageShape, scaleImage, warpImage } from './warp.js'

export interface Batch {
  /** size x height x width x channels, byte / 255 in f32. */
  readonly images: Float32Array
  readonly labels: Int32Array
  /** Number of images. */
  readonly size: number
  /** Counted from 0, through all epochs. */
  readonly step: number
  /** Counted from 0. */
  readonly epoch: number
}

export interface BatchOptions {
  /** Images a batch. */
  readonly size: number
  /** Decides the order of the images and how each is augmented: a whole number from 0 to 2^53 - 1. */
  readonly seed: number
  /** Changes each image anew in every epoch, the first of the list first. Default: none. */
  readonly augment?: readonly Augmentation[]
  /** The step to begin at. Default: 0. */
  readonly from?: number
  /** Epochs in all, counted from step 0. Default: no end. */
  readonly epochs?: number
}

interface Images {
  readonly images: Uint8Array
  readonly labels: Uint8Array | Uint16Array
  readonly shape: ImageShape
}

/** @throws DatasetError `OPTION` where the options ask for what there is not */
export function shuffled(data: Images, options: BatchOptions): Iterable<Batch> {
  const { size, seed, augment = [], from = 0, epochs = Number.POSITIVE_INFINITY } = options
  const count = data.labels.length
  checkCount('size', size, 1, count)
  checkCount('from', from, 0)
  if (epochs !== Number.POSITIVE_INFINITY) checkCount('epochs', epochs, 0)
  checkAugmentations(augment)
  random(seed)
  const stepsAnEpoch = Math.floor(count / size)
  return {
    *[Symbol.iterator]() {
      let epoch = -1
      let order: Uint32Array = new Uint32Array(0)
      for (let step = from; step < epochs * stepsAnEpoch; step++) {
        if (epoch !== Math.floor(step / stepsAnEpoch)) {
          epoch = Math.floor(step / stepsAnEpoch)
          order = permutation(count, random(seed, streams.shuffle, epoch))
        }
        const start = (step % stepsAnEpoch) * size
        const indices = order.subarray(start, start + size)
        const write = augment.length === 0 ? scaleImage : warped(augment, data.shape, seed, epoch)
        yield { ...gather(data, indices, write), size, step, epoch }
      }
    },
  }
}

/** @throws DatasetError `OPTION` where the size is no number of images */
export function inOrder(data: Images, { size }: { readonly size: number }): Iterable<Batch> {
  checkCount('size', size, 1)
  const count = data.labels.length
  return {
    *[Symbol.iterator]() {
      for (let step = 0; step * size < count; step++) {
        const length = Math.min(size, count - step * size)
        const indices = Uint32Array.from({ length }, (_, i) => step * size + i)
        yield { ...gather(data, indices, scaleImage), size: length, step, epoch: 0 }
      }
    },
  }
}

/** What happens to an image depends on the seed, the epoch and the image, not on the batch it is in. */
const warped =
  (augment: readonly Augmentation[], shape: ImageShape, seed: number, epoch: number) =>
  (image: Uint8Array, output: Float32Array, index: number): void =>
    warpImage(drawWarp(augment, shape, random(seed, streams.augment, epoch, index)), shape, image, output)

function gather(
  { images, labels, shape }: Images,
  indices: Uint32Array,
  write: (image: Uint8Array, output: Float32Array, index: number) => void,
): Pick<Batch, 'images' | 'labels'> {
  const bytes = shape[0] * shape[1] * shape[2]
  const batch = { images: new Float32Array(indices.length * bytes), labels: new Int32Array(indices.length) }
  indices.forEach((index, i) => {
    // Views of one image each: offsets into all of them may be beyond 2^31.
    const output = batch.images.subarray(i * bytes, (i + 1) * bytes)
    write(images.subarray(index * bytes, (index + 1) * bytes), output, index)
    batch.labels[i] = labels[index]!
  })
  return batch
}

function checkCount(name: string, value: number, smallest: number, largest = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < smallest || value > largest) {
    const range = largest === Number.MAX_SAFE_INTEGER ? `${smallest} or more` : `${smallest} to ${largest}`
    throw new DatasetError('OPTION', `batches() ${name} ${value}; expected a whole number, ${range}`)
  }
}
