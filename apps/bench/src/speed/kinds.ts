import { dataWorks } from './data/data-works.js'
import { estimatorWorks } from './estimators/estimator-works.js'
import { kernelWorks } from './kernels/kernel-works.js'
import { networkWorks } from './networks/network-works.js'
import type { SpeedPlace, SpeedWork } from './speed-work.js'
import { convolutionWorks } from './train/convolution-works.js'
import { trainingWorks } from './train/training-works.js'

interface KindOfWork {
  /** For the command line's help. */
  readonly description: string
  /** Whether it can be timed in a browser, too. */
  readonly inBrowsers?: true
  works(place: SpeedPlace): SpeedWork[]
}

/** What can be timed, by the name that the command line has for it. */
export const KINDS = {
  train: {
    description: 'steps of CNN6, CNN10 and ResNet-20, float and at 4 bits, and their convolutions one by one',
    works: (given) => [...trainingWorks(given), ...convolutionWorks()],
  },
  kernels: {
    description: 'a product of matrices and convolutions in integers of 8, 6, 4 and 2 bits',
    inBrowsers: true,
    works: kernelWorks,
  },
  networks: {
    description: 'CNN6..CNN10 and ResNet-18 in integers of 8, 4 and 2 bits',
    inBrowsers: true,
    works: networkWorks,
  },
  data: { description: 'augmented batches', works: dataWorks },
  estimators: { description: 'ranges of large layers', works: estimatorWorks },
} satisfies Record<string, KindOfWork>

export type Kind = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as Kind[]
/** Those that can be timed in a browser. */
export const IN_BROWSERS = KIND_NAMES.filter((name) => 'inBrowsers' in KINDS[name])
