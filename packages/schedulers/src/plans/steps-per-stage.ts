import { SchedulerError } from '../scheduler-error.js'
import type { Plan } from './plan.js'

/**
 * The same plan under the other protocol: not equal steps in total but equal steps a stage, so that a schedule of more
 * stages trains longer. The fully quantized stretch (the last stage, if all trains in it and it either quantizes nothing
 * more or is the only one) gets `whole` steps: direct's one stage, and what neuron by neuron ends with if its `wholeShare`
 * is above 0.
 */
export function stepsPerStage(plan: Plan, steps: number, { whole = steps }: { readonly whole?: number } = {}): Plan {
  for (const [name, value] of Object.entries({ steps, whole })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new SchedulerError('OPTION', `stepsPerStage(): ${name} is ${value}; expected a whole number >= 0`)
    }
  }
  const isWhole = (index: number) =>
    index === plan.stages.length - 1 &&
    plan.stages[index]!.train === 'all' &&
    (index === 0 || plan.stages[index]!.quantize.length === 0)
  return { ...plan, stages: plan.stages.map((stage, i) => ({ ...stage, steps: isWhole(i) ? whole : steps })) }
}
