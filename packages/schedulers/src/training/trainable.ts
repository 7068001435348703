import * as tf from '@tensorflow/tfjs'
import type { TrainingPolicy } from '../plans/plan.js'
import { frozenWeights, type ValuesOf } from './frozen-weights.js'

/** What of a model trains while a stage lasts, and what is frozen. Holds tensors: give it to `disposeTrainable`. */
export interface Trainable {
  /** One for each trainable weight of the model, in the model's order. */
  readonly parts: readonly TrainablePart[]
  /** The variables to take gradients of: all but those that are frozen as a whole. */
  readonly variables: tf.Variable[]
  /** Weights that train, one by one. */
  readonly count: number
}

export interface TrainablePart {
  /** The same in every process, unlike the variable's own name. */
  readonly name: string
  readonly variable: tf.Variable
  /** `'none'` or `'all'` of its elements, or those of a mask. */
  readonly frozen: 'none' | 'all' | FrozenElements
}

interface FrozenElements {
  /** Bool, of the variable's shape: true where frozen. */
  readonly mask: tf.Tensor
  /** f32: 0 where frozen, otherwise 1. */
  readonly free: tf.Tensor
  /** The variable's values when the stage began. */
  readonly values: tf.Tensor
}

/**
 * What trains under a policy in the model's present state: everything under `'all'`; under `'rest'` all but the weights
 * and biases that are quantized already. Weights of layers whose `trainable` is false never train.
 */
export function trainableUnder(model: tf.LayersModel, policy: TrainingPolicy): Trainable {
  const frozen = policy === 'rest' ? frozenWeights(model) : new Map<string, Uint8Array>()
  let count = 0
  const parts = model.trainableWeights.map((weight): TrainablePart => {
    const variable = weight.read() as tf.Variable
    const flags = frozen.get(weight.name)
    const held = flags?.reduce((sum, flag) => sum + flag, 0) ?? 0
    count += variable.size - held
    const state = held === 0 ? 'none' : held === variable.size ? 'all' : frozenElements(variable, flags!)
    return { name: weight.originalName, variable, frozen: state }
  })
  return { parts, variables: parts.filter((part) => part.frozen !== 'all').map((part) => part.variable), count }
}

/** The weights of which anything trains under a policy, where weights have the values that `valuesOf` gives. */
export function trainedWeights(model: tf.LayersModel, policy: TrainingPolicy, valuesOf: ValuesOf): tf.LayerVariable[] {
  const frozen = policy === 'rest' ? frozenWeights(model, valuesOf) : new Map<string, Uint8Array>()
  return model.trainableWeights.filter(({ name }) => frozen.get(name)?.includes(0) ?? true)
}

/** The gradients of what trains: 0 for frozen elements, so that neither norms nor moments see them. Call in tf.tidy(). */
export function freeGradients(trainable: Trainable, gradients: tf.NamedTensorMap): tf.NamedTensorMap {
  const free = { ...gradients }
  for (const { variable, frozen } of trainable.parts) {
    const gradient = gradients[variable.name]
    if (typeof frozen === 'object' && gradient !== undefined) free[variable.name] = tf.mul(gradient, frozen.free)
  }
  return free
}

/**
 * Puts frozen elements back to the bits they had. Call it after each step of an optimizer: its momentum moves weights
 * even where their gradient is 0, and so does weight decay.
 */
export function holdFrozen(trainable: Trainable): void {
  tf.tidy(() => {
    for (const { variable, frozen } of trainable.parts) {
      if (typeof frozen === 'object') variable.assign(tf.where(frozen.mask, frozen.values, variable))
    }
  })
}

export function disposeTrainable(trainable: Trainable): void {
  for (const { frozen } of trainable.parts) {
    if (typeof frozen === 'object') tf.dispose([frozen.mask, frozen.free, frozen.values])
  }
}

function frozenElements(variable: tf.Variable, flags: Uint8Array): FrozenElements {
  return {
    mask: tf.tensor(flags, variable.shape, 'bool'),
    free: tf.tensor(
      Float32Array.from(flags, (flag) => 1 - flag),
      variable.shape,
    ),
    // A copy and no clone, which would share the variable's memory with whatever writes to it in place.
    values: tf.tensor(variable.dataSync<'float32'>().slice(), variable.shape),
  }
}
