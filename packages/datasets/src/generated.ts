import { type Dataset, dataset } from './dataset.js'
import { DatasetError } from './dataset-error.js'
import { paintImage, side } from './generated-image.js'
import { random } from './random.js'
import { shapes } from './shapes.js'
import { type Split, split } from './split.js'
import { streams } from './streams.js'
import type { ImageShape } from './warp.js'

/**
 * Ten classes of shapes in 32x32 colour images, made from a seed: for where there is no other data. Image i is the same however
 * many there are, on every engine. The classes take turns.
 *
 * Not easy: a small convolutional network gets some 80 % right after a few epochs on 10,000 images.
 *
 * @param options.seed a whole number from 0 to 2^53 - 1
 * @param options.train number of images to train on
 * @param options.test number of images to test with
 * @throws DatasetError `OPTION` for other numbers
 */
export function generated({ seed, train, test }: { seed: number; train: number; test: number }): Dataset {
  return dataset({
    name: 'generated',
    classes: Object.keys(shapes),
    shape,
    train: paint(seed, train, 0),
    test: paint(seed, test, 1),
    source: `generated({ seed: ${seed}, train: ${train}, test: ${test} })`,
  })
}

const shape: ImageShape = [side, side, 3]

function paint(seed: number, size: number, part: number): Split {
  if (!Number.isInteger(size) || size < 0 || size > largest) {
    throw new DatasetError('OPTION', `generated() ${size} images; expected 0 to ${largest}`)
  }
  const bytes = side * side * 3
  const kinds = Object.values(shapes)
  const images = new Uint8Array(size * bytes)
  const labels = Uint8Array.from({ length: size }, (_, i) => i % kinds.length)
  labels.forEach((label, i) => {
    paintImage(kinds[label]!, random(seed, streams.generate, part, i), images.subarray(i * bytes, (i + 1) * bytes))
  })
  return split({ images, labels, shape })
}

/** 3 GB. */
const largest = 1_000_000
