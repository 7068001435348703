import { sha256 } from '#sha256'
import { DatasetError } from './dataset-error.js'
import type { Split } from './split.js'
import type { ImageShape } from './warp.js'

export interface Dataset {
  readonly name: string
  /** What the labels stand for. */
  readonly classes: readonly string[]
  readonly shape: ImageShape
  readonly train: Split
  /** To be looked at once, at the end: what is chosen on it is not tested by it. Choose on a part held out of `train`. */
  readonly test: Split
  /** SHA-256 of train images, train labels, test images, test labels: names the very data. Computed when first asked for. */
  readonly checksum: string
  /** Where the data came from: a folder, or the call that makes them. */
  readonly source: string
}

/**
 * Puts a dataset together.
 *
 * @throws DatasetError `FORMAT` where a label has no class
 */
export function dataset(parts: Omit<Dataset, 'checksum'>): Dataset {
  const { name, classes, train, test } = parts
  for (const [part, { labels }] of Object.entries({ train, test })) {
    const wrong = labels.findIndex((label) => label >= classes.length)
    if (wrong >= 0) {
      throw new DatasetError(
        'FORMAT',
        `${name}: label ${labels[wrong]} of image ${wrong} to ${part}; expected 0 to ${classes.length - 1}`,
      )
    }
  }
  let checksum: string | undefined
  return {
    ...parts,
    get checksum() {
      checksum ??= sha256([train.images, bytesOf(train.labels), test.images, bytesOf(test.labels)])
      return checksum
    },
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
