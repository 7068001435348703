import * as tf from '@tensorflow/tfjs'

/**
 * `tf.customGrad` with types. `forward` computes the value and keeps with `save` what the gradient needs: a tensor that is
 * only closed over may be gone by the time the gradient runs. `gradient` gives one tensor for each input.
 */
export function customGradient(
  inputs: readonly tf.Tensor[],
  forward: (save: tf.GradSaveFunc) => tf.Tensor,
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...inputsAndSave) => ({
    value: forward(inputsAndSave.at(-1) as tf.GradSaveFunc),
    gradFunc: gradient,
  }))(...inputs)
}

/**
 * The same with a function for each input's gradient, called in tf.tidy() and only where the gradient leads to something
 * that gradients are taken of: what is frozen costs nothing, where `tf.customGrad` computes it and lets it go.
 */
export function separateGradients(
  inputs: readonly tf.Tensor[],
  forward: (save: tf.GradSaveFunc) => tf.Tensor,
  gradients: readonly ((dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor)[],
): tf.Tensor {
  const operation: RecordedOperation = {
    inputs: { ...inputs },
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dy, saved) => ({ ...gradients.map((gradient) => () => gradient(dy, saved)) }),
  }
  // biome-ignore lint/complexity/useLiteralKeys: what `tf.customGrad` itself calls is private in tfjs's types
  return tf.engine()['runKernelFunc'](operation)
}

/** An operation for tfjs's tape: the only way to a gradient for one input of several. */
interface RecordedOperation {
  readonly inputs: Readonly<Record<number, tf.Tensor>>
  forwardFunc(backend: unknown, save: tf.GradSaveFunc): tf.Tensor
  backwardsFunc(dy: tf.Tensor, saved: tf.Tensor[]): Readonly<Record<number, () => tf.Tensor>>
}
