import { type CifarEdition, loadCifar } from './cifar-binary.js'
import type { Dataset } from './dataset.js'
import type { LocateOptions } from './locate.js'

/**
 * CIFAR-100: 50,000 images to train on and 10,000 to test with, 32x32 in colour, a hundred (fine) classes.
 * Found, or downloaded once (161 MB) and checked by md5 then; files that were there before are checked by size and labels.
 *
 * @throws DatasetError: see its codes; the message names the file or address
 * @see https://www.cs.toronto.edu/~kriz/cifar.html (Krizhevsky 2009, Learning multiple layers of features from tiny images)
 */
export function cifar100(options: LocateOptions = {}): Promise<Dataset> {
  return loadCifar(edition, options)
}

const trainBytes = 50_000 * 3074
const testBytes = 10_000 * 3074

const edition: CifarEdition = {
  name: 'cifar-100',
  classes: `
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
    caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
    forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
    mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
    sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
    willow_tree wolf woman worm
  `
    .trim()
    .split(/\s+/),
  labelBytes: 2,
  train: new Map([['train.bin', { bytes: trainBytes }]]),
  test: new Map([['test.bin', { bytes: testBytes }]]),
  published: {
    name: 'cifar-100',
    folder: 'cifar-100-binary',
    files: [['train.bin'], ['test.bin']],
    origin: {
      kind: 'archive',
      remote: {
        address: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
        md5: '03b5dce01913d631647c71ecec9e9cb8',
        bytes: 168_513_733,
      },
      entries: new Map([
        ['train.bin', trainBytes],
        ['test.bin', testBytes],
      ]),
    },
  },
}
