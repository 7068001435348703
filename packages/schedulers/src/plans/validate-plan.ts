import { SchedulerError } from '../scheduler-error.js'
import type { Change, LayerShape, Plan, Stage } from './plan.js'

/**
 * Checks that a plan can be carried out: every filter of every layer is quantized exactly once (or by fractions that
 * rise to 1), a layer's input before or with its first filters and exactly once, steps are whole numbers >= 0, learning
 * rates are numbers >= 0, and ranges are estimated anew only where that moves nothing frozen.
 *
 * @returns the plan itself
 * @throws SchedulerError `PLAN` that names the stage and the layer.
 */
export function validatePlan(plan: Plan): Plan {
  const progress = new Map<string, LayerProgress>()
  for (const layer of plan.layers) {
    if (progress.has(layer.name)) fail(`layer ${layer.name} is listed twice; expected every name once`)
    if (!isCount(layer.filters) || !isCount(layer.weightsPerFilter) || layer.filters < 1) {
      fail(`layer ${layer.name} has ${layer.filters} filters of ${layer.weightsPerFilter} weights; expected >= 1`)
    }
    progress.set(layer.name, { layer, input: false, filters: new Set(), fraction: 0 })
  }
  plan.stages.forEach((stage, index) => {
    const where = `stage ${index + 1} (${stage.name})`
    checkNumbers(stage, where)
    checkEstimates(stage, where, progress)
    for (const change of stage.quantize) {
      const state = progress.get(change.layer)
      if (state === undefined) {
        fail(`${where} quantizes ${change.layer}; expected one of ${[...progress.keys()].join(', ') || 'no layers'}`)
      } else {
        carryOut(change, state, `${where}, layer ${change.layer}`)
      }
    }
  })
  for (const { layer, input, filters, fraction } of progress.values()) {
    const done = fraction > 0 ? fraction === 1 : filters.size === layer.filters
    if (!input) fail(`layer ${layer.name}: no stage quantizes its input; expected one`)
    if (!done) {
      const got = fraction > 0 ? `fraction ${fraction} of its weights` : `${filters.size} of ${layer.filters} filters`
      fail(`layer ${layer.name}: all stages together quantize ${got}; expected all`)
    }
  }
  return plan
}

interface LayerProgress {
  readonly layer: LayerShape
  input: boolean
  readonly filters: Set<number>
  fraction: number
}

function carryOut(change: Change, state: LayerProgress, where: string): void {
  const [from, to] = change.filters
  const total = state.layer.filters
  if (!isCount(from) || !isCount(to) || from > to || to > total) {
    fail(`${where}: filters are [${from}, ${to}); expected a range within [0, ${total})`)
  }
  if (change.input && state.input) fail(`${where}: its input is quantized a second time; expected once`)
  state.input ||= change.input
  if (from < to && !state.input) fail(`${where}: filters are quantized before its input; expected the input first`)
  if (change.fraction === undefined) {
    if (state.fraction > 0) fail(`${where}: whole filters after fractions of them; expected one or the other`)
    for (let filter = from; filter < to; filter++) {
      if (state.filters.has(filter)) fail(`${where}: filter ${filter} is quantized a second time; expected once`)
      state.filters.add(filter)
    }
  } else {
    if (state.filters.size > 0) fail(`${where}: fractions of filters after whole ones; expected one or the other`)
    if (from !== 0 || to !== total) fail(`${where}: a fraction of filters [${from}, ${to}); expected [0, ${total})`)
    if (!(change.fraction > state.fraction && change.fraction <= 1)) {
      fail(`${where}: fraction is ${change.fraction}; expected above ${state.fraction} and at most 1`)
    }
    state.fraction = change.fraction
  }
}

function checkNumbers(stage: Stage, where: string): void {
  if (!isCount(stage.steps)) fail(`${where}: steps is ${stage.steps}; expected a whole number >= 0`)
  if (stage.learningRate.length !== 2 || !stage.learningRate.every((rate) => Number.isFinite(rate) && rate >= 0)) {
    fail(`${where}: learningRate is [${stage.learningRate}]; expected two numbers >= 0`)
  }
  if (stage.train !== 'all' && stage.train !== 'rest') {
    fail(`${where}: train is ${JSON.stringify(stage.train)}; expected 'all' or 'rest'`)
  }
}

/** Runs before the stage's own changes: what is estimated anew was quantized in an earlier stage. */
function checkEstimates(stage: Stage, where: string, progress: ReadonlyMap<string, LayerProgress>): void {
  for (const name of stage.estimateRanges ?? []) {
    const state = progress.get(name)
    if (!state?.input) fail(`${where}: estimates the ranges of ${name} anew; expected a layer quantized before`)
    else if (stage.train === 'rest' && (state.filters.size > 0 || state.fraction > 0)) {
      fail(`${where}: estimating the ranges of ${name} anew moves its frozen weights; expected train 'all'`)
    }
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function fail(message: string): never {
  throw new SchedulerError('PLAN', `validatePlan(): ${message}`)
}
