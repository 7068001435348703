import { SchedulerError } from '../scheduler-error.js'
import type { Change, LayerShape, Plan, Stage, TrainingPolicy } from './plan.js'
import { shareSteps } from './share-steps.js'

/** What every schedule lets its caller choose. */
export interface PlanOptions {
  /** Optimizer steps in all, spent exactly whatever the schedule. */
  readonly steps: number
  readonly learningRate?: LearningRates
}

/** What a schedule of several stages lets its caller choose besides. */
export interface StagedPlanOptions extends PlanOptions {
  /**
   * Share of the steps, 0 <= share < 1, that a last stretch of the fully quantized network gets, in which everything
   * trains through the straight-through estimator.
   */
  readonly wholeShare?: number
  /**
   * `'once'`: a layer's ranges are estimated when it is quantized and then stay. `'whole'`: all of them once more
   * before the last stretch. `'stage'`: those of all layers quantized so far before every stage, which would move
   * frozen weights and so needs a schedule whose quantized neurons train on.
   */
  readonly estimateRanges?: 'once' | 'whole' | 'stage'
}

/** Multipliers of the base learning rate; each pair is [first, last], what lies between is on a line. Default 1. */
export interface LearningRates {
  /** From the first stage to the last one before the last stretch. */
  readonly across?: readonly [from: number, to: number]
  /** From the first step of a stage to its last, times `across`. */
  readonly within?: readonly [from: number, to: number]
  /** Within the last, fully quantized stretch; `across` and `within` do not apply there. */
  readonly whole?: readonly [from: number, to: number]
}

/** What one stage quantizes. */
export interface StageContent {
  readonly name: string
  readonly quantize: readonly Change[]
}

/**
 * Makes a plan of what each stage quantizes: gives every stage its steps (equal ones, exact in sum) and its learning
 * rate, and adds the last stretch where `wholeShare` asks for one. A schedule of one's own needs no more than this.
 *
 * @throws SchedulerError `OPTION` where an option is out of its range or there is no layer.
 */
export function planOf(
  method: string,
  layers: readonly LayerShape[],
  contents: readonly StageContent[],
  train: TrainingPolicy,
  { steps, wholeShare = 0, learningRate = {}, estimateRanges = 'once' }: StagedPlanOptions,
): Plan {
  const refuse = (what: string): never => {
    throw new SchedulerError('OPTION', `${method}: ${what}`)
  }
  if (layers.length === 0 || contents.length === 0) refuse('there is no layer to quantize; expected at least one')
  if (!Number.isSafeInteger(steps) || steps < 0) refuse(`steps is ${steps}; expected a whole number >= 0`)
  if (!(wholeShare >= 0 && wholeShare < 1)) refuse(`wholeShare is ${wholeShare}; expected 0 <= share < 1`)
  if (estimateRanges === 'stage' && train === 'rest') {
    refuse("estimateRanges is 'stage', which would move frozen weights; expected 'once' or 'whole'")
  }
  if (estimateRanges === 'whole' && wholeShare === 0) {
    refuse("estimateRanges is 'whole' but there is no last stretch; expected wholeShare > 0")
  }
  const { across = [1, 1], within = [1, 1], whole = [1, 1] } = learningRate
  for (const [name, pair] of Object.entries({ across, within, whole })) {
    if (!pair.every((rate) => Number.isFinite(rate) && rate >= 0)) {
      refuse(`learningRate.${name} is [${pair}]; expected two numbers >= 0`)
    }
  }

  const [staged = 0, last = 0] = shareSteps(steps, [1 - wholeShare, wholeShare])
  const stepsOf = shareSteps(
    staged,
    contents.map(() => 1),
  )
  const quantized: string[] = []
  const stages = contents.map(({ name, quantize }, i): Stage => {
    const rate = between(across, contents.length > 1 ? i / (contents.length - 1) : 0)
    const again = estimateRanges === 'stage' ? [...quantized] : []
    for (const { layer } of quantize) if (!quantized.includes(layer)) quantized.push(layer)
    return {
      name,
      quantize,
      train,
      steps: stepsOf[i]!,
      learningRate: [rate * within[0], rate * within[1]],
      ...(again.length > 0 ? { estimateRanges: again } : {}),
    }
  })
  const names = layers.map((layer) => layer.name)
  const stretch: Stage = {
    name: 'whole',
    quantize: [],
    train: 'all',
    steps: last,
    learningRate: [whole[0], whole[1]],
    ...(estimateRanges === 'once' ? {} : { estimateRanges: names }),
  }
  return {
    method,
    layers: layers.map(({ name, filters, weightsPerFilter }) => ({ name, filters, weightsPerFilter })),
    stages: wholeShare > 0 ? [...stages, stretch] : stages,
  }
}

/** The point at `share` (0..1) of the way from one number to the other. */
function between([from, to]: readonly [number, number], share: number): number {
  return from + (to - from) * share
}
