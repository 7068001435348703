import type { Batches, Plan, TrainingOptions } from '@lowbit/schedulers'
import type * as tf from '@tensorflow/tfjs'

/** A run made ready: what is trained, how, and on what. */
export interface PreparedRun {
  readonly model: tf.LayersModel
  readonly plan: Plan
  readonly batches: Batches
  /** Optimizer steps that see as many images as there are to train on. */
  readonly stepsAnEpoch: number
  readonly options: TrainingOptions
}
