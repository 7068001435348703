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

/** @throws SchedulerError `CHECKPOINT` where a checkpoint within the last stage was made without averaging */
export function checkAverages(saved: readonly SavedValue[]): void {
  if (saved.length > 0) return
  throw new SchedulerError(
    'CHECKPOINT',
    'train(): cannot resume: it holds no averages; expected those of its stage so far',
  )
}

/**
 * From a checkpoint within the last stage.
 * @throws SchedulerError `CHECKPOINT` where they are of other weights
 */
export function writeAverages(averages: WeightAverages, trainable: Trainable, saved: readonly SavedValue[]): void {
  for (const { name, variable } of training(trainable)) {
    const value = saved.find((value) => value.name === name)
    if (value?.shape.join() !== variable.shape.join()) {
      const got = value === undefined ? 'absent' : `[${value.shape}]`
      throw new SchedulerError(
        'CHECKPOINT',
        `train(): cannot resume: averages/${name} is ${got}; expected [${variable.shape}]`,
      )
    }
    averages.set(name, tf.tensor(value.values, [...value.shape]))
  }
}

export function disposeAverages(averages: WeightAverages): void {
  for (const average of averages.values()) average.dispose()
  averages.clear()
}

const training = ({ parts }: Trainable): TrainablePart[] => parts.filter(({ frozen }) => frozen !== 'all')
