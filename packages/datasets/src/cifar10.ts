import { type CifarEdition, loadCifar } from './cifar-binary.js'
import type { Dataset } from './dataset.js'
import type { FileIdentity } from './files.js'
import type { LocateOptions } from './locate.js'

/**
 * CIFAR-10: 50,000 images to train on and 10,000 to test with, 32x32 in colour, ten classes.
 * Found, or downloaded once (162 MB), and checked against the published md5 of every file each time.
 *
 * @throws DatasetError: see its codes; the message names the file or address
 * @see https://www.cs.toronto.edu/~kriz/cifar.html (Krizhevsky 2009, Learning multiple layers of features from tiny images)
 */
export function cifar10(options: LocateOptions = {}): Promise<Dataset> {
  return loadCifar(edition, options)
}

const bytes = 30_730_000
const train = new Map<string, FileIdentity>([
  ['data_batch_1.bin', { bytes, md5: '5dd7e06a14cb22eb9f671a540d1b7c25' }],
  ['data_batch_2.bin', { bytes, md5: '5ea93a67294ea407fff1d09f752e9692' }],
  ['data_batch_3.bin', { bytes, md5: '942cd6a4bcdd0dd3c604fbe906cb4421' }],
  ['data_batch_4.bin', { bytes, md5: 'ae636b3ba5c66a11e91e8cb52e771fcb' }],
  ['data_batch_5.bin', { bytes, md5: '53f37980c15c3d472c316c40844f3f0d' }],
])
const test = new Map<string, FileIdentity>([['test_batch.bin', { bytes, md5: '803d5f7f4d78ea53de84dbe85f74fb6d' }]])
const names = [...train.keys(), ...test.keys()]

const edition: CifarEdition = {
  name: 'cifar-10',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  labelBytes: 1,
  train,
  test,
  published: {
    name: 'cifar-10',
    folder: 'cifar-10-batches-bin',
    files: names.map((name) => [name]),
    origin: {
      kind: 'archive',
      remote: {
        address: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
        md5: 'c32a1d4ab5d03f1284b67883e8d87530',
        bytes: 170_052_171,
      },
      entries: new Map([...names.map((name): [string, number] => [name, bytes]), ['batches.meta.txt', 61]]),
    },
  },
}
