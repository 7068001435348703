import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CifarEdition } from '../src/cifar-binary.js'
import type { FileIdentity } from '../src/files.js'
import { archiveOf } from './hostile-archive.js'

const record = 1 + 3072

/** Records as the binary files have them: image i of file f is of class (f + i) % 10, its channels are ramps of their own. */
function batchFile(file: number, images: number): Uint8Array {
  const bytes = new Uint8Array(images * record)
  for (let i = 0; i < images; i++) {
    bytes[i * record] = (file + i) % 10
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < 1024; pixel++) {
        bytes[i * record + 1 + channel * 1024 + pixel] = pixel * (channel + 1) + 40 * file + i
      }
    }
  }
  return bytes
}

export const smallFiles: ReadonlyMap<string, Uint8Array> = new Map([
  ['data_batch_1.bin', batchFile(0, 12)],
  ['data_batch_2.bin', batchFile(1, 9)],
  ['test_batch.bin', batchFile(2, 10)],
])

export const smallArchive = archiveOf(
  [...smallFiles].map(([name, contents]) => ({ path: `small-batches-bin/${name}`, contents })),
)

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** CIFAR-10 with 31 images, to be downloaded from this address. */
export function smallCifar(address = 'http://nowhere.invalid'): CifarEdition {
  const identity = (name: string): [string, FileIdentity] => {
    const contents = smallFiles.get(name)!
    return [name, { bytes: contents.length, md5: md5(contents) }]
  }
  const names = [...smallFiles.keys()]
  return {
    name: 'small-cifar',
    classes: Array.from({ length: 10 }, (_, i) => `class ${i}`),
    labelBytes: 1,
    train: new Map(names.slice(0, 2).map(identity)),
    test: new Map(names.slice(2).map(identity)),
    published: {
      name: 'small-cifar',
      folder: 'small-batches-bin',
      files: names.map((name) => [name]),
      origin: {
        kind: 'archive',
        remote: { address: `${address}/small.tar.gz`, md5: md5(smallArchive), bytes: smallArchive.length },
        entries: new Map([...smallFiles].map(([name, { length }]) => [name, length])),
      },
    },
  }
}

/** Writes the files into a folder of that name. Returns the folder. */
export function writeSmallCifar(parent: string, name = 'small-batches-bin'): string {
  const folder = join(parent, name)
  mkdirSync(folder, { recursive: true })
  for (const [file, contents] of smallFiles) writeFileSync(join(folder, file), contents)
  return folder
}
