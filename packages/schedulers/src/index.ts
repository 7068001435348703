export * from './plans/index.js'
export { beginStage } from './training/begin-stage.js'
export type { OscillationFreezing } from './training/oscillations.js'
export { type LayerSensitivity, leastSensitiveFirst, measureSensitivity } from './training/sensitivity.js'
export { train } from './training/train.js'
export { trainFloat } from './training/train-float.js'
export {
  disposeTrainable,
  holdFrozen,
  type Trainable,
  type TrainablePart,
  trainableUnder,
} from './training/trainable.js'
export type { Batches, TrainingBatch } from './training/training-batch.js'
export type * from './training/training-event.js'
export {
  checkTrainingOptions,
  type Dampening,
  type Distillation,
  type TrainingOptions,
} from './training/training-options.js'
export type { WeightAveraging } from './training/weight-averages.js'
