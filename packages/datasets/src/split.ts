import { type Batch, type BatchOptions, inOrder, shuffled } from './batches.js'
import { DatasetError } from './dataset-error.js'
import { permutation } from './permutation.js'
import { random } from './random.js'
import { streams } from './streams.js'
import type { ImageShape } from './warp.js'

/** Images with their labels: those to train on, say. */
export interface Split {
  /** Number of images. */
  readonly size: number
  readonly shape: ImageShape
  /** size x height x width x channels bytes. */
  readonly images: Uint8Array
  /** The class of each image: an index into the dataset's `classes`. */
  readonly labels: Uint8Array | Uint16Array
  /**
   * Batches to train on, shuffled anew in every epoch, without end unless `epochs` says so. An epoch is floor(size of the
   * split / size of a batch) steps: the images left over are those of another shuffle in the next epoch.
   * The batch at step t depends on the options and t alone: `from: t` goes on exactly where a run was interrupted.
   */
  batches(options: BatchOptions): Iterable<Batch>
  /** Every image once, in order and unchanged, to evaluate on. The last batch may be smaller. */
  inOrder(options: { readonly size: number }): Iterable<Batch>
}

/**
 * A split of images of one's own.
 *
 * @throws DatasetError `OPTION` where the arrays do not fit each other
 */
export function split({ images, labels, shape }: Pick<Split, 'images' | 'labels' | 'shape'>): Split {
  if (shape.length !== 3 || shape.some((length) => !Number.isInteger(length) || length < 1 || length > largestSide)) {
    throw new DatasetError(
      'OPTION',
      `split() shape [${shape}]; expected height, width, channels from 1 to ${largestSide}`,
    )
  }
  const bytes = labels.length * shape[0] * shape[1] * shape[2]
  if (images.length !== bytes) {
    throw new DatasetError(
      'OPTION',
      `split() images of ${images.length} bytes; ${labels.length} images of [${shape}] have ${bytes}`,
    )
  }
  const data = { images, labels, shape }
  return {
    ...data,
    size: labels.length,
    batches: (options) => shuffled(data, options),
    inOrder: (options) => inOrder(data, options),
  }
}

/** Coordinates of a warp are 16.16 fixed point; corners turned out of the image need room too. */
const largestSide = 16384

/**
 * The first `size` images. They are not copied.
 *
 * @throws DatasetError `OPTION` where there are fewer
 */
export function take({ images, labels, shape, size: whole }: Split, size: number): Split {
  checkPart('take', size, whole)
  return split({ images: images.subarray(0, size * bytesAnImage(shape)), labels: labels.subarray(0, size), shape })
}

/**
 * Sets `size` images apart, chosen by the seed; both parts keep the order of the images.
 *
 * @returns copies: the images that are left, and those that are held out
 * @throws DatasetError `OPTION` where there are fewer
 */
export function holdOut(
  whole: Split,
  { size, seed }: { readonly size: number; readonly seed: number },
): [rest: Split, heldOut: Split] {
  checkPart('holdOut', size, whole.size)
  const order = permutation(whole.size, random(seed, streams.holdOut))
  return [pick(whole, order.subarray(size).sort()), pick(whole, order.subarray(0, size).sort())]
}

function pick({ images, labels, shape }: Split, indices: Uint32Array): Split {
  const bytes = bytesAnImage(shape)
  const picked = {
    images: new Uint8Array(indices.length * bytes),
    labels: labels instanceof Uint8Array ? new Uint8Array(indices.length) : new Uint16Array(indices.length),
    shape,
  }
  indices.forEach((index, i) => {
    picked.images.set(images.subarray(index * bytes, (index + 1) * bytes), i * bytes)
    picked.labels[i] = labels[index]!
  })
  return split(picked)
}

function checkPart(name: string, size: number, whole: number): void {
  if (!Number.isInteger(size) || size < 0 || size > whole) {
    throw new DatasetError('OPTION', `${name}() size ${size}; expected 0 to ${whole} images`)
  }
}

const bytesAnImage = (shape: ImageShape): number => shape[0] * shape[1] * shape[2]
