import { SchedulerError } from '../scheduler-error.js'
import { halfCosine, shareOfSteps } from './annealing.js'
import { type Plan, totalSteps } from './plan.js'

/**
 * How the base learning rate falls over the whole run, whatever its stages: along half a cosine or a line down to `to`
 * (a share of the base rate), or times `factor` after every `every` steps.
 */
export type LearningRateDecay =
  | { readonly kind: 'constant' }
  | { readonly kind: 'cosine'; readonly to: number }
  | { readonly kind: 'linear'; readonly to: number }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }

/** Where a step of the whole run lies: in which stage, and the how-manieth it is there. Both count from 0. */
export interface Position {
  readonly stage: number
  readonly stageStep: number
}

/** Position of the run's step `step`, 0 <= step < the plan's total. */
export function positionOf(plan: Plan, step: number): Position {
  let before = 0
  for (const [stage, { steps }] of plan.stages.entries()) {
    if (step < before + steps) return { stage, stageStep: step - before }
    before += steps
  }
  throw new SchedulerError('OPTION', `positionOf(): step is ${step}; expected below ${before}, the plan's steps`)
}

/** Learning rate of the run's step `step`: base rate x decay over the run x the stage's multiplier. */
export function learningRateAt(plan: Plan, step: number, base: number, decay: LearningRateDecay): number {
  const { stage, stageStep } = positionOf(plan, step)
  const {
    steps,
    learningRate: [from, to],
  } = plan.stages[stage]!
  const multiplier = from + (to - from) * shareOfSteps(stageStep, steps)
  return base * decayAt(decay, step, totalSteps(plan)) * multiplier
}

/** The decay's factor at step `step` of `total`; the first step has 1, the last step the end value. */
function decayAt(decay: LearningRateDecay, step: number, total: number): number {
  switch (decay.kind) {
    case 'constant':
      return 1
    case 'cosine':
      return halfCosine([1, decay.to], step, total)
    case 'linear':
      return 1 + (decay.to - 1) * shareOfSteps(step, total)
    case 'step':
      return decay.factor ** Math.floor(step / decay.every)
  }
}
