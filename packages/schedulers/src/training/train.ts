import { mmse } from '@lowbit/quantizers'
import { type QuantizedLayer, quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { halfCosine } from '../plans/annealing.js'
import { learningRateAt } from '../plans/learning-rate.js'
import { type Plan, type Stage, totalSteps } from '../plans/plan.js'
import { validatePlan } from '../plans/validate-plan.js'
import { beginStage } from './begin-stage.js'
import { checkFinite } from './check-finite.js'
import { checkModel } from './check-model.js'
import {
  type Checkpoint,
  checkRestorable,
  readCheckpoint,
  restoreModel,
  restoreOptimizer,
  writeCheckpoint,
} from './checkpoint.js'
import { layersWithQuantizedWeights } from './layer-states.js'
import {
  beginOscillations,
  checkOscillations,
  disposeOscillations,
  followOscillations,
  type Oscillations,
  readOscillations,
  watchOscillations,
  writeOscillations,
} from './oscillations.js'
import { disposeTrainable, type Trainable, trainableUnder, trainedWeights } from './trainable.js'
import { type Batches, type BatchReader, firstImages, openBatches } from './training-batch.js'
import type { EvaluatedEvent, TrainingEvent } from './training-event.js'
import { checkTrainingOptions, type TrainingOptions } from './training-options.js'
import { trainingStep } from './training-step.js'
import {
  checkAverages,
  disposeAverages,
  followWeights,
  readAverages,
  settleOnAverages,
  type WeightAverages,
  type WeightAveraging,
  writeAverages,
} from './weight-averages.js'

/**
 * Carries a plan out: quantizes what each stage says, trains it for the stage's steps, and reports as it goes. The model
 * is trained in place; it takes one input and gives logits [n, classes], and softmax cross-entropy is minimised.
 *
 * What happens depends on the arguments alone: the same model, plan, options and batches give the same bits, and so does
 * a run that goes on from a checkpoint, at whatever step it was cut off. Steps follow each other without a pause between
 * events; a page that has to stay responsive awaits `tf.nextFrame()` in its loop and sets `reportEvery` low.
 *
 * @throws SchedulerError `PLAN`, `OPTION`, `MODEL`, `CHECKPOINT` before anything is changed; `DATA` where the batches end
 *   early or have another shape; `NOT_FINITE` where training diverges.
 */
export async function* train(
  model: tf.LayersModel,
  plan: Plan,
  batches: Batches,
  options: TrainingOptions,
): AsyncGenerator<TrainingEvent, void, undefined> {
  validatePlan(plan)
  checkTrainingOptions(options)
  checkModel(model, plan)
  const saved = options.resume === undefined ? null : readCheckpoint(options.resume, plan)
  if (saved !== null) {
    checkRestorable(model, saved)
    if (options.freezing !== undefined) {
      checkOscillations(quantizedLayers(model), layersWithQuantizedWeights(saved.layerStates), saved.oscillations)
    }
    if (averagingIn({ options, plan }, saved.stage)) {
      checkAverages(trainedAt(model, plan, saved), saved.averages)
    }
  }
  const optimizer = saved === null ? null : await restoredOptimizer(model, options, saved)
  if (saved !== null) restoreModel(model, saved)

  const run: Run = { ...startRun(model, plan, batches, options, saved), optimizer }
  try {
    for (const [index, stage] of plan.stages.entries()) {
      if (saved !== null && index < saved.stage) continue
      const resumed = index === saved?.stage ? saved : null
      if (resumed === null) await makeChanges(run, stage)
      setStrength(run)
      const trainable = trainableUnder(model, stage.train)
      try {
        if (resumed === null) run.optimizer = optimizerOf(run)
        if (resumed !== null && averagingIn(run, index)) writeAverages(run.averages, trainable, resumed.averages)
        yield* trainStage(run, index, trainable, resumed !== null)
      } finally {
        disposeTrainable(trainable)
      }
    }
  } finally {
    run.optimizer?.dispose()
    if (run.oscillations !== null) disposeOscillations(run.oscillations)
    disposeAverages(run.averages)
    await run.reader?.close()
  }
}

interface Run {
  readonly model: tf.LayersModel
  readonly plan: Plan
  readonly batches: Batches
  readonly options: TrainingOptions
  readonly layers: readonly QuantizedLayer[]
  /** `null` where none are looked for. */
  readonly oscillations: Oscillations | null
  /** Empty where none are asked for, and before the last stage. */
  readonly averages: WeightAverages
  /** Steps done. */
  step: number
  /** Step at which the present stage began. */
  stageBegin: number
  optimizer: tf.Optimizer | null
  reader: BatchReader | null
  calibrationImages: Float32Array | null
}

function startRun(
  model: tf.LayersModel,
  plan: Plan,
  batches: Batches,
  options: TrainingOptions,
  saved: Checkpoint | null,
): Run {
  const { step, stageStep } = saved ?? { step: 0, stageStep: 0 }
  const layers = quantizedLayers(model)
  const oscillations = options.freezing === undefined ? null : watchOscillations(layers)
  if (oscillations !== null && saved !== null) writeOscillations(oscillations, saved.oscillations)
  return {
    model,
    plan,
    batches,
    options,
    layers,
    oscillations,
    averages: new Map(),
    step,
    stageBegin: step - stageStep,
    optimizer: null,
    reader: null,
    calibrationImages: null,
  }
}

async function makeChanges(run: Run, stage: Stage): Promise<void> {
  if (stage.quantize.length === 0 && (stage.estimateRanges ?? []).length === 0) return
  const { calibration = { count: 1000 }, estimator = mmse } = run.options
  run.calibrationImages ??=
    'images' in calibration ? calibration.images : await firstImages(run.batches, run.model, calibration.count)
  if (run.options.smoothing !== undefined) for (const layer of run.layers) layer.setStrength(1)
  await beginStage(run.model, stage, { images: run.calibrationImages, estimator })
  if (run.oscillations !== null) beginOscillations(run.oscillations, stage.estimateRanges ?? [])
}

/** What `smoothing` asks for after the steps done; a pure function of their number, so nothing has to be saved. */
function setStrength({ layers, options, plan, step }: Run): void {
  if (options.smoothing === undefined) return
  const steps = options.smoothing.share * totalSteps(plan)
  const strength = step < steps ? step / steps : 1
  for (const layer of layers) layer.setStrength(strength)
}

/** The optimizer of a stage that begins: a fresh one, or the one that lives on. */
function optimizerOf({ options, optimizer }: Run): tf.Optimizer {
  if (optimizer !== null && options.optimizerState === 'kept') return optimizer
  optimizer?.dispose()
  return freshOptimizer(options)
}

const freshOptimizer = ({ learningRate, optimizer = (rate) => tf.train.adam(rate) }: TrainingOptions): tf.Optimizer =>
  optimizer(learningRate)

/** An optimizer with a checkpoint's state. */
async function restoredOptimizer(
  model: tf.LayersModel,
  options: TrainingOptions,
  saved: Checkpoint,
): Promise<tf.Optimizer> {
  const optimizer = freshOptimizer(options)
  try {
    await restoreOptimizer(optimizer, model, saved)
  } catch (error) {
    optimizer.dispose()
    throw error
  }
  return optimizer
}

/** The weights that train in a checkpoint's stage, under the masks that it holds. */
const trainedAt = (model: tf.LayersModel, plan: Plan, { stage, weights }: Checkpoint): tf.LayerVariable[] =>
  trainedWeights(model, plan.stages[stage]!.train, (mask) => weights.get(mask.originalName)!.data as Float32Array)

/** How a stage's weights are averaged, if they are: those of the last one, if any. */
const averagingIn = ({ options, plan }: Pick<Run, 'options' | 'plan'>, stage: number): WeightAveraging | undefined =>
  stage === plan.stages.length - 1 ? options.averaging : undefined

async function* trainStage(
  run: Run,
  index: number,
  trainable: Trainable,
  resumed: boolean,
): AsyncGenerator<TrainingEvent> {
  const { model, plan, options } = run
  const { evaluate, evaluateEvery, checkpointEvery } = options
  const here = { stage: index, name: plan.stages[index]!.name }
  const measure = async function* (at: EvaluatedEvent['at']): AsyncGenerator<TrainingEvent> {
    if (evaluate !== undefined) yield { type: 'evaluated', step: run.step, ...here, at, metrics: await evaluate(model) }
  }
  if (resumed) {
    yield { type: 'resumed', step: run.step, ...here }
  } else {
    yield { type: 'stage-begin', step: run.step, ...here, trainable: trainable.count }
    yield* measure('stage-begin')
  }

  const end = run.stageBegin + plan.stages[index]!.steps
  if (trainable.variables.length === 0) await passOver(run, end)
  while (run.step < end) {
    const event = await doStep(run, trainable, here, end)
    if (event !== null) yield event
    if (evaluateEvery !== undefined && run.step % evaluateEvery === 0) yield* measure('step')
    if (checkpointEvery !== undefined && run.step % checkpointEvery === 0) {
      const position = { step: run.step, stage: index, stageStep: run.step - run.stageBegin }
      const oscillations = run.oscillations === null ? [] : await readOscillations(run.oscillations)
      const averages = await readAverages(run.averages)
      const bytes = await writeCheckpoint(model, plan, position, { optimizer: run.optimizer!, oscillations, averages })
      yield { type: 'checkpoint', step: run.step, ...here, bytes }
    }
  }
  run.stageBegin = end
  if (run.averages.size > 0) settleOnAverages(run.averages, trainable)

  yield* measure('stage-end')
  yield { type: 'stage-end', step: run.step, ...here }
}

/** Nothing trains: the stage's batches are left out, so that the next stage finds those of its own steps. */
async function passOver(run: Run, end: number): Promise<void> {
  await run.reader?.close()
  run.reader = null
  run.step = end
  setStrength(run)
}

async function doStep(
  run: Run,
  trainable: Trainable,
  here: { readonly stage: number; readonly name: string },
  end: number,
): Promise<TrainingEvent | null> {
  const { model, plan, options, layers, oscillations } = run
  const { learningRate, dampening, freezing, decay = { kind: 'cosine', to: 0.05 }, reportEvery = 50 } = options
  run.reader ??= openBatches(run.batches, run.step)
  const rate = learningRateAt(plan, run.step, learningRate, decay)
  const annealed = (ends: readonly [number, number]) => halfCosine(ends, run.step, totalSteps(plan))
  const state = { learningRate: rate, dampening: annealed([0, dampening?.weight ?? 0]), layers, oscillations }
  const loss = trainingStep(model, await run.reader.next(), trainable, run.optimizer!, state, options)
  if (oscillations !== null && freezing !== undefined) {
    const { threshold, momentum = 0.01 } = freezing
    followOscillations(oscillations, { threshold: annealed(threshold), momentum })
  }
  const averaging = averagingIn(run, here.stage)
  if (averaging !== undefined) followWeights(run.averages, trainable, averaging)
  run.step += 1
  setStrength(run)
  try {
    if (run.step % reportEvery !== 0 && run.step !== end) return null
    const value = (await loss.data())[0]!
    await checkFinite(model, value, { step: run.step, name: here.name })
    return { type: 'step', step: run.step, ...here, loss: value, learningRate: rate }
  } finally {
    loss.dispose()
  }
}
