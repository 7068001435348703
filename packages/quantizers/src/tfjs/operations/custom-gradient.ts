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
