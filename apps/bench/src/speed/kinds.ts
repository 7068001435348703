import type { SpeedWork } from './speed-work.js'
import { convolutionWorks } from './train/convolution-works.js'
import { trainingWorks } from './train/training-works.js'

/** What can be timed, by the name that the command line has for it. */
export const KINDS = {
  train: {
    description: 'a step of CNN6, CNN10 and ResNet-20, float and at 4 bits',
    works: (given) => [...trainingWorks(given), ...convolutionWorks()],
  },
} satisfies Record<string, { description: string; works: (given: { readonly threads: number }) => SpeedWork[] }>

export type Kind = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as Kind[]
