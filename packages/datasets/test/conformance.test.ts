import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { loadCifar } from '../src/cifar-binary.js'
import { dataset } from '../src/dataset.js'
import { generated } from '../src/generated.js'
import { loadIdx } from '../src/idx.js'
import { imageFolder } from '../src/image-folder.js'
import { split } from '../src/split.js'
import { conforms } from './conformance.js'
import { jpegOf } from './jpeg-files.js'
import { smallCifar, writeSmallCifar } from './small-cifar.js'
import { smallIdx, writeSmallIdx } from './small-idx.js'

const folder = mkdtempSync(join(tmpdir(), 'lowbit-conformance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Six images of each class and part, no two of them alike. */
function writeImages(directory: string): string {
  for (const [i, part] of ['train/cat', 'train/dog', 'val/cat', 'val/dog'].entries()) {
    mkdirSync(join(directory, part), { recursive: true })
    for (let image = 0; image < 6; image++) {
      const contents = jpegOf(20 + image, 30 - 5 * i, [40 * i, 30 * image, 9], { to: [200, 10, 40 * image] })
      writeFileSync(join(directory, part, `${image}.jpg`), contents)
    }
  }
  return directory
}

/** Every loader, on data small enough for a test. A new one gets a line here. */
const loaders = {
  generated: async () => generated({ seed: 4, train: 60, test: 30 }),
  'CIFAR binary': () => loadCifar(smallCifar(), { directory: writeSmallCifar(join(folder, 'cifar')) }),
  idx: () => loadIdx(smallIdx(), { directory: writeSmallIdx(join(folder, 'idx')) }),
  'image folder': () => imageFolder(writeImages(join(folder, 'images')), { size: 12 }),
  'arrays of one’s own': async () => {
    const images = (size: number) =>
      split({
        images: Uint8Array.from({ length: size * 8 }, (_, i) => (i * i) >> 3),
        labels: Uint16Array.from({ length: size }, (_, i) => i % 7),
        shape: [2, 2, 2],
      })
    const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    return dataset({ name: 'own', classes, shape: [2, 2, 2], train: images(21), test: images(7), source: 'arrays' })
  },
}

describe.each(Object.entries(loaders))('%s', (_, load) => conforms(load))
