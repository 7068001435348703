import { readSafetensors, type Tensor, writeSafetensors } from '@lowbit/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { Position } from '../plans/learning-rate.js'
import type { Plan } from '../plans/plan.js'
import { planHash } from '../plans/plan-hash.js'
import { SchedulerError } from '../scheduler-error.js'
import {
  checkLayerStates,
  type LayerStates,
  parseLayerStates,
  readLayerStates,
  writeLayerStates,
} from './layer-states.js'
import { type OptimizerState, readOptimizer, type SavedValue, writeOptimizer } from './optimizer-state.js'

const format = 'lowbit-checkpoint/2'

/** A run's place: `step` steps done in all, `stageStep` of them in stage `stage`. */
export interface RunPosition extends Position {
  readonly step: number
}

/**
 * The state of a run as a safetensors file: every weight of the model (trainable or not, the masks of what is quantized
 * among them), the layers' schemes and ranges, the optimizer's kind and state, what is known of oscillations, averages of
 * weights, the position, and the hash of the plan that it belongs to.
 */
export async function writeCheckpoint(
  model: tf.LayersModel,
  plan: Plan,
  { step, stage, stageStep }: RunPosition,
  {
    optimizer,
    oscillations,
    averages,
  }: {
    readonly optimizer: tf.Optimizer
    readonly oscillations: readonly SavedValue[]
    readonly averages: readonly SavedValue[]
  },
): Promise<Uint8Array> {
  const { slots, scalars } = await readOptimizer(optimizer)
  const tensors: [string, Tensor][] = []
  for (const weight of model.weights) {
    const value = weight.read()
    const data = await value.data<'float32'>()
    tensors.push([`weights/${weight.originalName}`, { dtype: 'F32', shape: value.shape, data }])
  }
  for (const [i, slot] of slots.entries()) tensors.push([`optimizer/slots/${i}`, toTensor(slot)])
  for (const scalar of scalars) tensors.push([`optimizer/scalars/${scalar.name}`, toTensor(scalar)])
  for (const record of oscillations) tensors.push([`oscillations/${record.name}`, toTensor(record)])
  for (const average of averages) tensors.push([`averages/${average.name}`, toTensor(average)])
  return writeSafetensors(tensors, {
    format,
    plan: planHash(plan),
    method: plan.method,
    position: JSON.stringify({ step, stage, stageStep }),
    layers: readLayerStates(model),
    optimizer: optimizer.getClassName(),
    slots: JSON.stringify(slots.map(({ name }) => renameSlot(name, model, 'name', 'originalName'))),
  })
}

export interface Checkpoint extends RunPosition {
  /** By the weights' names in the model. */
  readonly weights: ReadonlyMap<string, Tensor>
  readonly layerStates: LayerStates
  readonly optimizer: OptimizerState & { readonly className: string }
  /** What `readOscillations` gave. */
  readonly oscillations: readonly SavedValue[]
  /** What `readAverages` gave. */
  readonly averages: readonly SavedValue[]
}

/**
 * Reads a checkpoint of a run of this plan.
 *
 * @throws SchedulerError `CHECKPOINT` where the file is damaged, is something else, or belongs to another plan.
 */
export function readCheckpoint(bytes: Uint8Array, plan: Plan): Checkpoint {
  try {
    const { tensors, metadata } = readSafetensors(bytes)
    if (metadata.format !== format) fail(`format is ${metadata.format}; expected ${format}`)
    if (metadata.plan !== planHash(plan)) {
      fail(`it belongs to plan ${metadata.plan} (${metadata.method}); expected ${planHash(plan)} (${plan.method})`)
    }
    const { step, stage, stageStep }: RunPosition = JSON.parse(metadata.position ?? '')
    const before = plan.stages.slice(0, stage).reduce((sum, { steps }) => sum + steps, 0)
    if (
      !(
        Number.isInteger(stage) &&
        Number.isInteger(stageStep) &&
        stageStep >= 1 &&
        stageStep <= (plan.stages[stage]?.steps ?? 0) &&
        step === before + stageStep
      )
    ) {
      fail(`it stands at step ${step}, step ${stageStep} of stage ${stage + 1}; expected a place in the plan`)
    }
    const names: unknown = JSON.parse(metadata.slots ?? '')
    if (!isTexts(names)) return fail(`its slots are ${metadata.slots}; expected names`)
    const under = (folder: string) =>
      [...tensors]
        .filter(([name]) => name.startsWith(folder))
        .map(([name, tensor]) => [name.slice(folder.length), tensor] as const)
    const slots = new Map(under('optimizer/slots/'))
    return {
      step,
      stage,
      stageStep,
      weights: new Map(under('weights/')),
      layerStates: parseLayerStates(metadata.layers ?? ''),
      optimizer: {
        className: metadata.optimizer ?? '',
        slots: names.map((name, i) => fromTensor(name, slots.get(String(i)))),
        scalars: under('optimizer/scalars/').map(([name, tensor]) => fromTensor(name, tensor)),
      },
      oscillations: under('oscillations/').map(([name, tensor]) => fromTensor(name, tensor)),
      averages: under('averages/').map(([name, tensor]) => fromTensor(name, tensor)),
    }
  } catch (cause) {
    if (cause instanceof SchedulerError) throw cause
    throw new SchedulerError('CHECKPOINT', `train(): resume is no checkpoint: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Finds out whether a checkpoint is of this model, built as it was at the start of the run.
 * @throws SchedulerError `CHECKPOINT` where weights, schemes or ranges are of another one
 */
export function checkRestorable(model: tf.LayersModel, { weights, layerStates }: Checkpoint): void {
  for (const { originalName, shape } of model.weights) {
    const saved = weights.get(originalName)
    if (saved?.dtype !== 'F32' || saved.shape.join() !== shape.join()) {
      const got = saved === undefined ? 'absent' : `${saved.dtype} [${saved.shape}]`
      fail(`weight ${originalName} is ${got}; expected F32 [${shape}]`)
    }
  }
  if (weights.size !== model.weights.length) {
    fail(`it holds ${weights.size} weights; expected ${model.weights.length}, as many as the model has`)
  }
  checkLayerStates(model, layerStates)
}

/** Puts a run's weights and ranges back, those of a checkpoint that was checked. */
export function restoreModel(model: tf.LayersModel, { weights, layerStates }: Checkpoint): void {
  writeLayerStates(model, layerStates)
  tf.tidy(() => {
    for (const weight of model.weights) {
      const { data, shape } = weights.get(weight.originalName)!
      // A copy: the cpu backend keeps the array that it is given, here a view of the caller's bytes.
      if (data instanceof Float32Array) weight.write(tf.tensor(data.slice(), [...shape]))
    }
  })
}

/**
 * Puts the optimizer's state back, into a new one of the same kind.
 * @throws SchedulerError `CHECKPOINT` where the optimizer is of another kind, a slot has another shape than its weight, or the
 *   optimizer does not take the state
 */
export async function restoreOptimizer(
  optimizer: tf.Optimizer,
  model: tf.LayersModel,
  { optimizer: { className, slots, scalars } }: Checkpoint,
): Promise<void> {
  const expected = optimizer.getClassName()
  if (className !== expected) fail(`its optimizer is ${className}; expected ${expected}`)
  for (const { name, shape } of slots) {
    const weight = weightOf(name, model, 'originalName')
    if (weight && shape.join() !== weight.shape.join()) {
      fail(`the optimizer's ${name} has shape [${shape}]; expected [${weight.shape}]`)
    }
  }
  try {
    const named = slots.map((slot) => ({ ...slot, name: renameSlot(slot.name, model, 'originalName', 'name') }))
    await writeOptimizer(optimizer, { slots: named, scalars })
  } catch (cause) {
    fail(`the optimizer ${expected} does not take its state: ${messageOf(cause)}`, { cause })
  }
}

/**
 * A slot is called after its variable (`conv1/kernel/m`), whose name gets a suffix where a process has made one of that
 * name before; files hold the name without it.
 */
function renameSlot(
  slot: string,
  model: tf.LayersModel,
  from: 'name' | 'originalName',
  to: 'name' | 'originalName',
): string {
  const weight = weightOf(slot, model, from)
  return weight === undefined ? slot : weight[to] + slot.slice(weight[from].length)
}

function weightOf(slot: string, model: tf.LayersModel, named: 'name' | 'originalName'): tf.LayerVariable | undefined {
  const variable = slot.slice(0, slot.lastIndexOf('/'))
  return model.weights.find((weight) => weight[named] === variable)
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

function toTensor({ shape, values }: SavedValue): Tensor {
  return values instanceof Float32Array ? { dtype: 'F32', shape, data: values } : { dtype: 'I32', shape, data: values }
}

function fromTensor(name: string, tensor: Tensor | undefined): SavedValue {
  if (tensor?.dtype === 'F32') return { name, shape: tensor.shape, dtype: 'float32', values: tensor.data.slice() }
  if (tensor?.dtype === 'I32') return { name, shape: tensor.shape, dtype: 'int32', values: tensor.data.slice() }
  return fail(`${name} is ${tensor?.dtype ?? 'absent'}; expected F32 or I32`)
}

function fail(message: string, options?: ErrorOptions): never {
  throw new SchedulerError('CHECKPOINT', `train(): cannot resume: ${message}`, options)
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
