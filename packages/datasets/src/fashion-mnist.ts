import type { Dataset } from './dataset.js'
import { type IdxEdition, loadIdx } from './idx.js'
import type { LocateOptions } from './locate.js'

/**
 * Fashion-MNIST: 60,000 pictures of clothes to train on and 10,000 to test with, 28x28 in grey.
 * Found, raw or gzipped, or downloaded once (31 MB) and checked by md5 then; files that were there before are checked by format.
 *
 * @throws DatasetError: see its codes; the message names the file or address
 * @see https://github.com/zalandoresearch/fashion-mnist (Xiao, Rasul, Vollgraf 2017)
 */
export function fashionMnist(options: LocateOptions = {}): Promise<Dataset> {
  return loadIdx(edition, options)
}

const address = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com'

const edition: IdxEdition = {
  name: 'fashion-mnist',
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  train: {
    size: 60_000,
    images: { name: 'train-images-idx3-ubyte' },
    labels: { name: 'train-labels-idx1-ubyte' },
  },
  test: {
    size: 10_000,
    images: { name: 't10k-images-idx3-ubyte' },
    labels: { name: 't10k-labels-idx1-ubyte' },
  },
  published: {
    name: 'fashion-mnist',
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
        {
          address: `${address}/train-images-idx3-ubyte.gz`,
          md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
          bytes: 26_421_880,
        },
        { address: `${address}/train-labels-idx1-ubyte.gz`, md5: '25c81989df183df01b3e8a0aad5dffbe', bytes: 29_515 },
        { address: `${address}/t10k-images-idx3-ubyte.gz`, md5: 'bef4ecab320f06d8554ea6380940ec79', bytes: 4_422_102 },
        { address: `${address}/t10k-labels-idx1-ubyte.gz`, md5: 'bb300cfdad3c16e7a12a480ee83cd310', bytes: 5_148 },
      ],
    },
  },
}
