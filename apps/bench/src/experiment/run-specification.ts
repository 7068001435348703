import { createHash } from 'node:crypto'
import type { CnnName } from '@lowbit/models'
import { stringify } from 'safe-stable-stringify'
import type { MethodName } from '../methods/index.js'
import { formatSetting, type MethodSettings } from '../methods/settings.js'

export { METHODS, type MethodName } from '../methods/index.js'

/** One training run, said whole: nothing reaches a run beside this document. */
export type RunSpecification = FloatRun | QuantizedRun

/** Trains the float baseline that quantized runs of the same seed start from. */
export interface FloatRun {
  readonly kind: 'float'
  readonly network: CnnName
  readonly data: DataReference
  readonly seed: number
  readonly training: FloatTraining
  readonly kernels: KernelPath
}

/** Quantizes a float baseline under a schedule and fine-tunes it. */
export interface QuantizedRun {
  readonly kind: 'quantized'
  readonly baseline: FloatRun
  readonly bits: number
  readonly method: MethodName
  /** Settings of the method that are not its defaults; absent where all are. */
  readonly settings?: MethodSettings
  readonly training: QuantizedTraining
}

/** Names data by its content: whoever carries the run out finds a copy and compares its checksum. */
export interface DataReference {
  readonly name: 'cifar-10' | 'generated'
  /** sha256 over pixels and labels of both splits. */
  readonly checksum: string
  /** How many of the training images are used, the first ones; 0 means all. */
  readonly trainingImages: number
  /** How many of those are set aside to choose and to watch by; the test images are looked at once, at the end. */
  readonly heldOutImages: number
}

export interface FloatTraining {
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  readonly weightDecay: number
  /** `quarters`: the rate is halved after each quarter of the epochs. `cosine`: it falls to zero along half a cosine. */
  readonly decay: 'quarters' | 'cosine'
  readonly augmentation: AugmentationName
}

export interface QuantizedTraining {
  /** May be a part of one, such as 0.25; what comes of it are whole steps, at least one. */
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  /** What the rate has fallen to at the end. */
  readonly finalLearningRate: number
  /** Groups of neurons a layer is quantized in, where the method goes by neurons. */
  readonly groups: number
  /** `total`: every method gets `epochs` in all. `stage`: every stage gets `epochs`. */
  readonly budget: 'total' | 'stage'
  /** Under `stage`: what the stretch in which the whole network is quantized gets instead, direct's only stage too. */
  readonly wholeEpochs?: number
  readonly perChannel: boolean
  /** Width of the layers' inputs where it is not that of their weights. */
  readonly activationBits?: number
  readonly augmentation: AugmentationName
  /** Images the input ranges are estimated on. */
  readonly calibrationImages: number
}

/** How training images are changed anew in every epoch. */
export const AUGMENTATIONS = ['none', 'flip', 'full'] as const
export type AugmentationName = (typeof AUGMENTATIONS)[number]

/** `relaxed` rounds multiply-add once where the engine can; `plain` rounds twice everywhere, so its bits are the same on every engine. */
export type KernelPath = 'relaxed' | 'plain'

/** The run's name: the first 16 hexadecimal digits of the sha256 of its JSON with sorted keys. */
export function runName(run: RunSpecification): string {
  return createHash('sha256').update(stringify(run)).digest('hex').slice(0, 16)
}

/** The float run a run stands on: itself, or its baseline. */
export const baselineOf = (run: RunSpecification): FloatRun => (run.kind === 'float' ? run : run.baseline)

/** `CNN6 3-bit neuron seed 1`: how a run is called in front of people. */
export function describeRun(run: RunSpecification): string {
  const { network, seed } = baselineOf(run)
  const how = run.kind === 'float' ? methodOf(run) : `${widthsOf(run)} ${methodOf(run)}`
  return `${network} ${how} seed ${seed}`
}

/** `3-bit`, or `W2A4` where activations have a width of their own. */
const widthsOf = ({ bits, training: { activationBits } }: QuantizedRun): string =>
  activationBits === undefined ? `${bits}-bit` : `W${bits}A${activationBits}`

/** `float`, `neuron`, `neuron (wholeShare=0.25)`: what a row of the tables is of, defaults left out. */
export function methodOf(run: RunSpecification): string {
  if (run.kind === 'float') return 'float'
  const settings = Object.entries(run.settings ?? {}).map(([name, value]) => `${name}=${formatSetting(value)}`)
  return settings.length > 0 ? `${run.method} (${settings.sort().join(', ')})` : run.method
}
