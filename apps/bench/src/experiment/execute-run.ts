import { createHash } from 'node:crypto'
import { saveWeights } from '@lowbit/models'
import { type Metrics, totalSteps, train } from '@lowbit/schedulers'
import { BenchError } from '../bench-error.js'
import { accuracyOn } from './accuracy.js'
import { useTrainingBackend } from './backend.js'
import { claimFolder } from './claim-folder.js'
import { openData, type RunData } from './data.js'
import { describeEnvironment } from './environment.js'
import { prepareFloatRun } from './float-run.js'
import type { PreparedRun } from './prepared-run.js'
import { progressMeter } from './progress-meter.js'
import { prepareQuantizedRun } from './quantized-run.js'
import { type LoggedEvent, openRunFolder, type RunFolder } from './run-folder.js'
import type { RunProgress } from './run-progress.js'
import type { RunResult, StageRecord } from './run-result.js'
import { baselineOf, type DataReference, type RunSpecification } from './run-specification.js'

export interface ExecuteOptions {
  /** Optimizer steps between checkpoints: what is lost at most when the process is killed. */
  readonly checkpointEvery?: number
  /** Opens the data that a run names. */
  readonly open?: (reference: DataReference, seed: number) => RunData | Promise<RunData>
}

/**
 * Carries out one run in this process, or goes on with it from its last checkpoint, and writes its result into its folder
 * below `store`. A run that is finished gives its result at once. The result depends on the specification alone, however
 * often the run was interrupted. The test images are looked at once, when the trained weights are written. Errors: `RUN` where
 * another process carries it out.
 */
export async function executeRun(
  run: RunSpecification,
  store: string,
  report: (progress: RunProgress) => void,
  { checkpointEvery = 200, open = openData }: ExecuteOptions = {},
): Promise<RunResult> {
  const folder = await openRunFolder(store, run)
  const giveBack = await claimFolder(folder.path)
  try {
    return (await folder.readResult()) ?? (await carriedOut(run, folder, store, report, { checkpointEvery, open }))
  } finally {
    await giveBack()
  }
}

async function carriedOut(
  run: RunSpecification,
  folder: RunFolder,
  store: string,
  report: (progress: RunProgress) => void,
  { checkpointEvery, open }: Required<ExecuteOptions>,
): Promise<RunResult> {
  const { data: reference, seed, kernels } = baselineOf(run)
  const environment = describeEnvironment(await useTrainingBackend(kernels), kernels)
  const { test, ...seen } = await open(reference, seed)
  const prepared = await (run.kind === 'float' ? prepareFloatRun(run, seen) : prepareQuantizedRun(run, seen, store))
  const { model } = prepared
  const start = accuracyOn(seen.heldOut, model)
  const seconds = await carryOutPlan(prepared, folder, report, {
    evaluate: () => ({ accuracy: accuracyOn(seen.heldOut, model) }),
    evaluateEvery: prepared.stepsAnEpoch,
    checkpointEvery,
  })

  const weights = await saveWeights(model)
  await folder.writeWeights(weights)
  const events = await folder.readEvents()
  const stages = stageRecords(events)
  const result: RunResult = {
    run: folder.name,
    specification: run,
    accuracy: { start, heldOut: accuracyOn(seen.heldOut, model), test: accuracyOn(test, model) },
    stages,
    course: courseOf(events),
    largestDrop: largestDrop(start, stages),
    steps: totalSteps(prepared.plan),
    weights: createHash('sha256').update(weights).digest('hex'),
    seconds,
    finished: new Date().toISOString(),
    environment,
  }
  await folder.writeResult(result)
  return result
}

/** Trains to the plan's end; gives the seconds of computing, those before an interruption included. */
async function carryOutPlan(
  { model, plan, batches, stepsAnEpoch, options }: PreparedRun,
  folder: RunFolder,
  report: (progress: RunProgress) => void,
  hooks: Pick<PreparedRun['options'], 'evaluate' | 'evaluateEvery' | 'checkpointEvery'>,
): Promise<number> {
  const checkpoint = await folder.readCheckpoint()
  const secondsBefore = checkpoint?.seconds ?? 0
  const began = performance.now()
  const seconds = () => secondsBefore + (performance.now() - began) / 1000
  const meter = progressMeter({ plan, stepsAnEpoch }, report)
  const resume = checkpoint === undefined ? {} : { resume: checkpoint.bytes }
  for await (const event of train(model, plan, batches, { ...options, ...hooks, ...resume })) {
    meter(event)
    if (event.type === 'checkpoint') await folder.writeCheckpoint(event.bytes, { step: event.step, seconds: seconds() })
    else await folder.append(event)
  }
  return seconds()
}

/** What the log says of each stage of the plan. */
function stageRecords(events: readonly LoggedEvent[]): StageRecord[] {
  const accuracies = events.filter((event) => event.type === 'evaluated')
  return events
    .filter((event) => event.type === 'stage-end')
    .map(({ stage, name, step }) => {
      const at = (border: 'stage-begin' | 'stage-end') => {
        const found = accuracies.findLast((event) => event.stage === stage && event.at === border)
        if (found === undefined) throw new BenchError('RUN', `stage ${name}: its log has no accuracy at ${border}`)
        return accuracyOf(found)
      }
      return { name, step, begin: at('stage-begin'), end: at('stage-end') }
    })
}

function courseOf(events: readonly LoggedEvent[]): [step: number, accuracy: number][] {
  return events.filter((event) => event.type === 'evaluated').map((event) => [event.step, accuracyOf(event)])
}

/** What `evaluate` of every run measures. */
const accuracyOf = ({ metrics }: { readonly metrics: Metrics }) => metrics.accuracy!

function largestDrop(start: number, stages: readonly StageRecord[]): number {
  let best = start
  let drop = 0
  for (const accuracy of stages.flatMap(({ begin, end }) => [begin, end])) {
    best = Math.max(best, accuracy)
    drop = Math.max(drop, best - accuracy)
  }
  return drop
}
