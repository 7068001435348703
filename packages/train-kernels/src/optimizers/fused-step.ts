import * as tf from '@tensorflow/tfjs'
import type { VariableUpdate } from './slot-optimizer.js'

/** The new values by one call of a kernel, which changes the slots in place; undefined where the backend does not have it. */
export function fusedStep(
  kernel: string,
  slotNames: readonly string[],
  updates: readonly VariableUpdate[],
  constants: tf.NamedAttrMap,
): tf.Tensor[] | undefined {
  if (!tf.getKernel(kernel, tf.getBackend())) return undefined
  const inputs: tf.NamedTensorMap = {}
  for (const [i, { variable, gradient, slots }] of updates.entries()) {
    if (variable.dtype !== 'float32' || gradient.dtype !== 'float32' || variable.size === 0) return undefined
    inputs[`value${i}`] = variable
    inputs[`gradient${i}`] = gradient
    for (const [s, name] of slotNames.entries()) inputs[`${name}${i}`] = slots[s]!
  }
  return tf.engine().runKernel<tf.Tensor[]>(kernel, inputs, constants)
}
