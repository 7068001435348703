import { SchedulerError } from '../scheduler-error.js'
import type { Plan } from './plan.js'

/** Float training as a plan: one stage that quantizes nothing. */
export function floatTraining({ steps }: { readonly steps: number }): Plan {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new SchedulerError('OPTION', `float: steps is ${steps}; expected a whole number >= 0`)
  }
  return {
    method: 'float',
    layers: [],
    stages: [{ name: 'float', quantize: [], train: 'all', steps, learningRate: [1, 1] }],
  }
}
