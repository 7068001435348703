import type { Estimator } from '@lowbit/quantizers'
import type * as tf from '@tensorflow/tfjs'
import type { LearningRateDecay } from '../plans/learning-rate.js'
import { SchedulerError } from '../scheduler-error.js'
import type { OscillationFreezing } from './oscillations.js'
import type { Metrics } from './training-event.js'
import type { WeightAveraging } from './weight-averages.js'

export interface TrainingOptions {
  /** Base learning rate; the decay and the plan's multipliers change it step by step. */
  readonly learningRate: number
  /** Default: half a cosine down to 0.05 of the base rate at the last step of the run. */
  readonly decay?: LearningRateDecay
  /** Makes an optimizer; default `tf.train.adam`. */
  readonly optimizer?: (learningRate: number) => tf.Optimizer
  /** Whether every stage begins with a fresh optimizer (default) or its moments live on. */
  readonly optimizerState?: 'fresh' | 'kept'
  /**
   * Decoupled weight decay (Loshchilov and Hutter 2019, AdamW): all that trains is multiplied by
   * 1 - learning rate x weightDecay before the optimizer's step. Default 0.
   */
  readonly weightDecay?: number
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it. Default: no limit. */
  readonly clipNorm?: number
  /** Share of the target probability spread evenly over all classes, 0 <= share < 1. Default 0. */
  readonly labelSmoothing?: number
  readonly distillation?: Distillation
  /**
   * Learning rate of the scales that quantizer 'lsq' trains, as a multiple of that of the weights; default 1. Weight decay
   * of these scales goes by this rate too: at 0 they stay as they are.
   */
  readonly stepRate?: number
  readonly dampening?: Dampening
  readonly freezing?: OscillationFreezing
  /** What the run ends with is an average over its last stage; not beside `freezing`. Default: the weights of the last step. */
  readonly averaging?: WeightAveraging
  /**
   * From float to quantized smoothly: over so large a share of the run's steps, 0 < share <= 1, the strength of the
   * quantization (`QuantizedLayer`) rises from 0 to 1 on a line. Ranges are estimated at full strength. Default: quantized
   * is quantized.
   */
  readonly smoothing?: { readonly share: number }
  /** What ranges are estimated on: so many first images of the training stream (default 1000), or these images. */
  readonly calibration?: { readonly count: number } | { readonly images: Float32Array }
  /** How ranges of inputs and weights are found in them; default `mmse`, least squared error. */
  readonly estimator?: Estimator
  /** A step event, with its loss checked for NaN, every so many steps; default 50. */
  readonly reportEvery?: number
  /** Measures the model at every border of a stage, and every `evaluateEvery` steps if that is given. */
  readonly evaluate?: (model: tf.LayersModel) => Metrics | Promise<Metrics>
  readonly evaluateEvery?: number
  /** A checkpoint event every so many steps; default none. */
  readonly checkpointEvery?: number
  /** A checkpoint of the same plan to go on from. The model is built as it was at the start; its weights are replaced. */
  readonly resume?: Uint8Array
}

/**
 * Dampens weights that oscillate between two levels (Nagel et al. 2022, "Overcoming Oscillations in Quantization-Aware
 * Training"): to the loss is added w(t) sum over layers `dampeningLoss(layer)`, w(t) rising from 0 to `weight` along half a
 * cosine over the run. In units of loss for squared units of the weights.
 */
export interface Dampening {
  readonly weight: number
}

/**
 * Knowledge distillation (Hinton et al. 2015):
 * loss = (1 - weight) CE(labels, s) + weight T^2 CE(softmax(t / T), s / T), s and t being the logits of the trained
 * network and of the teacher.
 */
export interface Distillation {
  readonly teacher: tf.LayersModel
  /** T > 0; default 1. */
  readonly temperature?: number
  /** 0..1; default 0.5. */
  readonly weight?: number
}

/**
 * Finds out before anything is trained whether `train` can be told this.
 * @throws SchedulerError `OPTION` for a number out of its range.
 */
export function checkTrainingOptions(options: TrainingOptions): void {
  const { learningRate, decay, weightDecay = 0, clipNorm = 1, labelSmoothing = 0, distillation, calibration } = options
  const { temperature = 1, weight = 0.5 } = distillation ?? {}
  const { stepRate = 1, dampening, smoothing, freezing, averaging } = options
  expectNumber('learningRate', learningRate, learningRate > 0, 'a number > 0')
  expectNumber('weightDecay', weightDecay, weightDecay >= 0, 'a number >= 0')
  expectNumber('clipNorm', clipNorm, clipNorm > 0, 'a number > 0')
  expectNumber('labelSmoothing', labelSmoothing, labelSmoothing >= 0 && labelSmoothing < 1, '0 <= share < 1')
  expectNumber('distillation.temperature', temperature, temperature > 0, 'a number > 0')
  expectNumber('distillation.weight', weight, weight >= 0 && weight <= 1, '0..1')
  expectNumber('stepRate', stepRate, stepRate >= 0, 'a number >= 0')
  if (dampening !== undefined)
    expectNumber('dampening.weight', dampening.weight, dampening.weight >= 0, 'a number >= 0')
  if (smoothing !== undefined) {
    expectNumber('smoothing.share', smoothing.share, smoothing.share > 0 && smoothing.share <= 1, '0 < share <= 1')
  }
  if (freezing !== undefined) {
    const { threshold, momentum = 0.01 } = freezing
    for (const at of threshold) expectNumber('freezing.threshold', at, at >= 0 && at <= 1, '0..1')
    expectNumber('freezing.momentum', momentum, momentum > 0 && momentum <= 1, '0 < momentum <= 1')
  }
  if (averaging !== undefined) {
    expectNumber('averaging.decay', averaging.decay, averaging.decay >= 0 && averaging.decay < 1, '0 <= decay < 1')
    if (freezing !== undefined) {
      throw new SchedulerError('OPTION', 'train(): averaging and freezing are given; expected one of them at most')
    }
  }
  if (decay !== undefined && 'to' in decay) expectNumber('decay.to', decay.to, decay.to >= 0, 'a number >= 0')
  if (decay?.kind === 'step') expectNumber('decay.factor', decay.factor, decay.factor > 0, 'a number > 0')
  const { reportEvery, evaluateEvery, checkpointEvery } = options
  const counts = {
    reportEvery,
    evaluateEvery,
    checkpointEvery,
    'decay.every': decay?.kind === 'step' ? decay.every : undefined,
    'calibration.count': calibration !== undefined && 'count' in calibration ? calibration.count : undefined,
  }
  for (const [name, count] of Object.entries(counts)) {
    if (count !== undefined) expectNumber(name, count, Number.isSafeInteger(count) && count >= 1, 'a whole number >= 1')
  }
}

function expectNumber(name: string, value: number, good: boolean, expected: string): void {
  if (!good || !Number.isFinite(value)) {
    throw new SchedulerError('OPTION', `train(): ${name} is ${value}; expected ${expected}`)
  }
}
