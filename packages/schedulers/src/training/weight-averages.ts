import * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'
import { movingAverage } from './moving-average.js'
import type { SavedValue } from './optimizer-state.js'
import { holdFrozen, type Trainable, type TrainablePart } from './trainable.js'

/**
 * Averages a <- decay a + (1 - decay) w of all that trains, over the steps of a plan's last stage; after the last step they
 * take the place of the weights. Quantized weights that swing about a threshold come to rest on the side where they were
 * more often. Polyak and Juditsky 1992; for weights of few levels Yang et al. 2019, "SWALP".
 */
export interface WeightAveraging {
  /** 0 <= decay < 1; about 1 / (1 - decay) steps count. */
  readonly decay: number
}

/** By the weights' names in the model. Holds tensors: give it to `disposeAverages`. */
export type WeightAverages = Map<string, tf.Tensor>

/** Takes note of the weights after a step; the first ones are taken as they are. */
export function followWeights(averages: WeightAverages, trainable: Trainable, { decay }: WeightAveraging): void {
  for (const { name, variable } of training(trainable)) {
    const known = averages.get(name)
    // A copy and no clone, which would share the variable's memory with whatever writes to it in place.
    const next = () => (known === undefined ? tf.add(variable, 0) : movingAverage(known, variable, 1 - decay))
    averages.set(
      name,
      tf.tidy(() => tf.keep(next())),
    )
    known?.dispose()
  }
}

/** Puts the averages in the place of the weights. */
export function settleOnAverages(averages: WeightAverages, trainable: Trainable): void {
  tf.tidy(() => {
    for (const { name, variable } of training(trainable)) variable.assign(tf.add(averages.get(name)!, 0))
  })
  holdFrozen(trainable)
}

/** For a checkpoint. */
export function readAverages(averages: WeightAverages): Promise<SavedValue[]> {
  return Promise.all(
    [...averages].map(async ([name, average]): Promise<SavedValue> => {
      return { name, shape: average.shape, dtype: 'float32', values: await average.data<'float32'>() }
    }),
  )
}

/**
 * Checks what a checkpoint within the last stage knows of the weights that train in it.
 *
 * @throws SchedulerError `CHECKPOINT` where it was made without averaging, or the averages are of other weights
 */
export function checkAverages(trained: readonly tf.LayerVariable[], saved: readonly SavedValue[]): void {
  if (saved.length === 0) fail('it holds no averages; expected those of its stage so far')
  for (const { originalName, shape } of trained) {
    const value = savedAverage(saved, originalName)
    if (value?.dtype === 'float32' && value.shape.join() === shape.join()) continue
    const got = value === undefined ? 'absent' : `${value.dtype} [${value.shape}]`
    fail(`averages/${originalName} is ${got}; expected float32 [${shape}]`)
  }
}

/** From a checkpoint within the last stage that was checked. */
export function writeAverages(averages: WeightAverages, trainable: Trainable, saved: readonly SavedValue[]): void {
  for (const { name } of training(trainable)) {
    const { values, shape } = savedAverage(saved, name)!
    averages.set(name, tf.tensor(values, [...shape]))
  }
}

const savedAverage = (saved: readonly SavedValue[], weight: string) => saved.find(({ name }) => name === weight)

export function disposeAverages(averages: WeightAverages): void {
  for (const average of averages.values()) average.dispose()
  averages.clear()
}

function fail(message: string): never {
  throw new SchedulerError('CHECKPOINT', `train(): cannot resume: ${message}`)
}

const training = ({ parts }: Trainable): TrainablePart[] => parts.filter(({ frozen }) => frozen !== 'all')
