export { SchedulerError, type SchedulerErrorCode } from '../scheduler-error.js'
export { direct } from './direct.js'
export { type FilterByFilterOptions, filterByFilter } from './filter-by-filter.js'
export type { Grouping } from './filter-groups.js'
export type { FilterWalk } from './filter-walk.js'
export { floatTraining } from './float-training.js'
export { formatPlan } from './format-plan.js'
export { type IncrementalOptions, incremental } from './incremental.js'
export { type LayerByLayerOptions, layerByLayer } from './layer-by-layer.js'
export type { LayerOrder } from './layer-order.js'
export { type LearningRateDecay, learningRateAt, type Position, positionOf } from './learning-rate.js'
export { type NeuronByNeuronOptions, neuronByNeuron } from './neuron-by-neuron.js'
export {
  type Change,
  type LayerShape,
  type Plan,
  type Schedule,
  type Stage,
  type TrainingPolicy,
  totalSteps,
  wholeLayer,
} from './plan.js'
export { planHash } from './plan-hash.js'
export { type LearningRates, type PlanOptions, planOf, type StageContent, type StagedPlanOptions } from './plan-of.js'
export { shareSteps } from './share-steps.js'
export { stepsPerStage } from './steps-per-stage.js'
export { validatePlan } from './validate-plan.js'
