import { mean } from 'simple-statistics'
import { type Spread, spreadOf } from '../experiment/accuracy-table.js'
import { publishedAccuracy } from '../experiment/paper.js'
import { isFloat, type Row, seedOf } from './experiments.js'

/** What the tables say of a row; accuracies in percent, differences and drops in points. */
export interface RowSummary {
  readonly seeds: readonly number[]
  readonly test: Spread
  readonly heldOut: Spread
  /** Of the paper, which measured on CIFAR-10 and does not name its network. */
  readonly published: number | undefined
  /** Mean of the differences to the float baselines of the same seeds. */
  readonly toFloat: number | undefined
  readonly meanDrop: number
  readonly largestDrop: number
  readonly stages: number
  readonly steps: number
  readonly secondsARun: number
  /** Everything a run does, its looks at the held-out images included, over its steps. */
  readonly millisecondsAStep: number
}

export function summarize(row: Row, float: Row | undefined): RowSummary {
  const { runs } = row
  const { stages, steps, specification } = runs[0]!
  const baselines = new Map(float?.runs.map((run) => [seedOf(run), run.accuracy.test]))
  const toFloat = runs
    .filter((run) => !isFloat(row) && baselines.has(seedOf(run)))
    .map((run) => 100 * (run.accuracy.test - baselines.get(seedOf(run))!))
  const drops = runs.map(({ largestDrop }) => 100 * largestDrop)
  const seconds = mean(runs.map((run) => run.seconds))
  return {
    seeds: runs.map(seedOf),
    test: spreadOf(runs.map(({ accuracy }) => 100 * accuracy.test)),
    heldOut: spreadOf(runs.map(({ accuracy }) => 100 * accuracy.heldOut)),
    published: publishedAccuracy(specification),
    toFloat: toFloat.length > 0 ? mean(toFloat) : undefined,
    meanDrop: mean(drops),
    largestDrop: Math.max(...drops),
    stages: stages.length,
    steps,
    secondsARun: seconds,
    millisecondsAStep: (1000 * seconds) / Math.max(1, steps),
  }
}
