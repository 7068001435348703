import { join } from 'node:path'
import { type Dataset, dataset } from './dataset.js'
import { type FileIdentity, readVerified } from './files.js'
import { type LocateOptions, locate, type Published } from './locate.js'
import { type Split, split } from './split.js'
import type { ImageShape } from './warp.js'

/** One of the CIFAR datasets, in what its authors call the binary version. */
export interface CifarEdition {
  readonly name: string
  readonly classes: readonly string[]
  readonly published: Published
  /** Label bytes before the pixels of a record; the last of them is the class. */
  readonly labelBytes: number
  readonly train: ReadonlyMap<string, FileIdentity>
  readonly test: ReadonlyMap<string, FileIdentity>
}

const side = 32
const plane = side * side
const shape: ImageShape = [side, side, 3]

/** Finds the files of an edition and reads them, each checked by size and, where it was published, md5. */
export async function loadCifar(edition: CifarEdition, options: LocateOptions): Promise<Dataset> {
  const folder = await locate(edition.published, options)
  const train = await readRecords(folder, edition.train, edition.labelBytes)
  const test = await readRecords(folder, edition.test, edition.labelBytes)
  return dataset({ name: edition.name, classes: edition.classes, shape, train, test, source: folder })
}

/** Records are label bytes, then a plane of red, one of green and one of blue; images here keep a pixel's channels together. */
async function readRecords(
  folder: string,
  files: ReadonlyMap<string, FileIdentity>,
  labelBytes: number,
): Promise<Split> {
  const record = labelBytes + 3 * plane
  const count = [...files.values()].reduce((sum, { bytes }) => sum + bytes / record, 0)
  const images = new Uint8Array(count * 3 * plane)
  const labels = new Uint8Array(count)
  let image = 0
  for (const [name, identity] of files) {
    const bytes = await readVerified(join(folder, name), identity)
    for (let start = 0; start < bytes.length; start += record) {
      labels[image] = bytes[start + labelBytes - 1]!
      const red = start + labelBytes
      let out = image * 3 * plane
      for (let pixel = red; pixel < red + plane; pixel++) {
        images[out++] = bytes[pixel]!
        images[out++] = bytes[pixel + plane]!
        images[out++] = bytes[pixel + 2 * plane]!
      }
      image++
    }
  }
  return split({ images, labels, shape })
}
