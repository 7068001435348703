import * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

/**
 * All that an optimizer remembers. `scalars` are variables that it keeps beside its slots: Adam's running powers of
 * beta, which its own setWeights() computes another way, one rounding apart from those of the run that was saved.
 */
export interface OptimizerState {
  /** As getWeights() gives them, in its order. */
  readonly slots: readonly SavedValue[]
  readonly scalars: readonly SavedValue[]
}

export interface SavedValue {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly values: Float32Array | Int32Array
}

export async function readOptimizer(optimizer: tf.Optimizer): Promise<OptimizerState> {
  const weights = await optimizer.getWeights().catch((cause: unknown) => {
    throw new SchedulerError('CHECKPOINT', `train(): the optimizer ${optimizer.getClassName()} cannot be saved`, {
      cause,
    })
  })
  const slots = await Promise.all(weights.map(({ name, tensor }) => save(name, tensor)))
  // getWeights() makes this one for the occasion; all others are the optimizer's own.
  weights.find(({ name }) => name === 'iter')?.tensor.dispose()
  return { slots, scalars: await Promise.all(scalarsOf(optimizer).map(([name, value]) => save(name, value))) }
}

/** Fills a new optimizer of the same kind. */
export async function writeOptimizer(optimizer: tf.Optimizer, { slots, scalars }: OptimizerState): Promise<void> {
  const tensors = slots.map(({ name, shape, dtype, values }) => ({
    name,
    tensor: tf.tensor(values, [...shape], dtype),
  }))
  try {
    await optimizer.setWeights(tensors)
  } finally {
    for (const { tensor } of tensors) tensor.dispose()
  }
  const fields = new Map(scalarsOf(optimizer))
  tf.tidy(() => {
    for (const { name, shape, dtype, values } of scalars) {
      fields.get(name)?.assign(tf.tensor(values, [...shape], dtype))
    }
  })
}

function scalarsOf(optimizer: tf.Optimizer): [name: string, value: tf.Variable][] {
  return Object.entries(optimizer).filter((entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable)
}

async function save(name: string, tensor: tf.Tensor): Promise<SavedValue> {
  const values = await tensor.data()
  if (values instanceof Float32Array) return { name, shape: tensor.shape, dtype: 'float32', values }
  if (values instanceof Int32Array) return { name, shape: tensor.shape, dtype: 'int32', values }
  throw new SchedulerError('CHECKPOINT', `train(): ${name} is ${tensor.dtype}; expected float32 or int32`)
}
