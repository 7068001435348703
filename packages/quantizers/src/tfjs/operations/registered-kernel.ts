import * as tf from '@tensorflow/tfjs'

/** Whether the backend in use has a kernel of this name, such as those that `@lowbit/train-kernels` registers. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined
}

/** Runs a kernel with one output. Nothing is recorded for a gradient: call it inside `customGradient`. */
export function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, inputs, attributes)
}

/** Runs a kernel with several outputs. */
export function runKernelWithOutputs(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: tf.NamedAttrMap = {},
): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes)
}
