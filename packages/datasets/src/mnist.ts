import type { Dataset } from './dataset.js'
import { type IdxEdition, loadIdx } from './idx.js'
import type { LocateOptions } from './locate.js'

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test with, 28x28 in grey.
 * Found, raw or gzipped, or downloaded once (11 MB), and checked against the md5 of every file each time.
 *
 * @throws DatasetError: see its codes; the message names the file or address
 * @see LeCun, Cortes, Burges, The MNIST database of handwritten digits
 */
export function mnist(options: LocateOptions = {}): Promise<Dataset> {
  return loadIdx(edition, options)
}

const address = 'https://ossci-datasets.s3.amazonaws.com/mnist'

const edition: IdxEdition = {
  name: 'mnist',
  classes: Array.from({ length: 10 }, (_, digit) => `${digit}`),
  train: {
    size: 60_000,
    images: { name: 'train-images-idx3-ubyte', md5: '6bbc9ace898e44ae57da46a324031adb' },
    labels: { name: 'train-labels-idx1-ubyte', md5: 'a25bea736e30d166cdddb491f175f624' },
  },
  test: {
    size: 10_000,
    images: { name: 't10k-images-idx3-ubyte', md5: '2646ac647ad5339dbf082846283269ea' },
    labels: { name: 't10k-labels-idx1-ubyte', md5: '27ae3e4e09519cfbb04c329615203637' },
  },
  published: {
    name: 'mnist',
    folder: 'raw',
    files: [
      ['train-images-idx3-ubyte', 'train-images-idx3-ubyte.gz'],
      ['train-labels-idx1-ubyte', 'train-labels-idx1-ubyte.gz'],
      ['t10k-images-idx3-ubyte', 't10k-images-idx3-ubyte.gz'],
      ['t10k-labels-idx1-ubyte', 't10k-labels-idx1-ubyte.gz'],
    ],
    origin: {
      kind: 'files',
      remotes: [
        { address: `${address}/train-images-idx3-ubyte.gz`, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873', bytes: 9_912_422 },
        { address: `${address}/train-labels-idx1-ubyte.gz`, md5: 'd53e105ee54ea40749a09fcbcd1e9432', bytes: 28_881 },
        { address: `${address}/t10k-images-idx3-ubyte.gz`, md5: '9fb629c4189551a2d022fa330f9573f3', bytes: 1_648_877 },
        { address: `${address}/t10k-labels-idx1-ubyte.gz`, md5: 'ec29112dd5afa0611ce80d1b7f02629c', bytes: 4_542 },
      ],
    },
  },
}
