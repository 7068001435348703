import type * as tf from '@tensorflow/tfjs'
import { floatTraining } from '../plans/float-training.js'
import { train } from './train.js'
import type { Batches } from './training-batch.js'
import type { TrainingEvent } from './training-event.js'
import type { TrainingOptions } from './training-options.js'

/** Trains a float network: `train` with a plan of one stage that quantizes nothing. */
export function trainFloat(
  model: tf.LayersModel,
  batches: Batches,
  { steps, ...options }: TrainingOptions & { readonly steps: number },
): AsyncGenerator<TrainingEvent, void, undefined> {
  return train(model, floatTraining({ steps }), batches, options)
}
