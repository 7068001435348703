import type { FloatTraining, QuantizedTraining } from './run-specification.js'

/** How much of an experiment is done: how long one is ready to wait. */
export interface Profile {
  /** How long CNN6 takes with the default options on two cores of 2023, for `--help`. */
  readonly duration: string
  readonly trainingImages: number
  readonly heldOutImages: number
  readonly float: FloatTraining
  readonly quantized: QuantizedTraining
  readonly seeds: string
}

const float = { batch: 100, learningRate: 2e-3, weightDecay: 1e-5, decay: 'cosine', augmentation: 'flip' } as const
const quantized = {
  batch: 100,
  learningRate: 1e-3,
  finalLearningRate: 5e-5,
  groups: 4,
  budget: 'total',
  perChannel: false,
  augmentation: 'flip',
} as const

/**
 * `table` is what the README's figures were made with: long enough for the methods to differ, short enough for many seeds.
 * `paper` follows the published recipe of the group's CIFAR-10 networks: AdamW 2e-3, weight decay 1e-5, 200 epochs, halved every
 * 50, flips, crops and rotations.
 */
export const PROFILES = {
  smoke: {
    duration: 'under a minute',
    trainingImages: 4_000,
    heldOutImages: 500,
    float: { ...float, epochs: 4 },
    quantized: { ...quantized, epochs: 4, calibrationImages: 200 },
    seeds: '1',
  },
  quick: {
    duration: 'under five minutes',
    trainingImages: 0,
    heldOutImages: 1_000,
    float: { ...float, epochs: 3 },
    quantized: { ...quantized, epochs: 2, calibrationImages: 1_000 },
    seeds: '1..2',
  },
  table: {
    duration: 'half an hour',
    trainingImages: 0,
    heldOutImages: 5_000,
    float: { ...float, epochs: 16 },
    quantized: { ...quantized, epochs: 8, calibrationImages: 2_000 },
    seeds: '1..3',
  },
  paper: {
    duration: 'hours',
    trainingImages: 0,
    heldOutImages: 5_000,
    float: { ...float, epochs: 200, decay: 'quarters', augmentation: 'full' },
    quantized: { ...quantized, epochs: 32, augmentation: 'full', calibrationImages: 2_000 },
    seeds: '1..3',
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[]
