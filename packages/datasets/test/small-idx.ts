import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { IdxEdition } from '../src/idx.js'

/** A file in the idx format: this type and these dimensions, contents that are bytes made of their places. */
export function idxFile(dimensions: readonly number[], { type = 8, largest = 255 } = {}): Uint8Array {
  const header = 4 + 4 * dimensions.length
  const length = dimensions.reduce((product, size) => product * size, 1)
  const bytes = new Uint8Array(header + length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type * 256 + dimensions.length)
  dimensions.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size)
  })
  for (let i = 0; i < length; i++) bytes[header + i] = (i * 7) % (largest + 1)
  return bytes
}

export const smallIdxFiles: ReadonlyMap<string, Uint8Array> = new Map([
  ['train-images', idxFile([15, 28, 28])],
  ['train-labels', idxFile([15], { largest: 9 })],
  ['t10k-images', idxFile([5, 28, 28], { largest: 200 })],
  ['t10k-labels', idxFile([5], { largest: 9 })],
])

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** MNIST with 20 images. */
export function smallIdx(): IdxEdition {
  const file = (name: string) => ({ name, md5: md5(smallIdxFiles.get(name)!) })
  return {
    name: 'small-idx',
    classes: Array.from({ length: 10 }, (_, i) => `class ${i}`),
    train: { size: 15, images: file('train-images'), labels: file('train-labels') },
    test: { size: 5, images: file('t10k-images'), labels: file('t10k-labels') },
    published: {
      name: 'small-idx',
      folder: 'raw',
      files: [...smallIdxFiles.keys()].map((name) => [name, `${name}.gz`]),
      origin: { kind: 'files', remotes: [] },
    },
  }
}

/** Writes the files, every second one gzipped. */
export function writeSmallIdx(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const [i, [name, contents]] of [...smallIdxFiles].entries()) {
    if (i % 2) writeFileSync(join(folder, `${name}.gz`), gzipSync(contents))
    else writeFileSync(join(folder, name), contents)
  }
  return folder
}
