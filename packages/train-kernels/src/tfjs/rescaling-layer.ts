import * as tf from '@tensorflow/tfjs'
import { replaceCall } from './replace-call.js'

/** What is used of the class behind `tf.layers.rescaling`, which tfjs does not export. */
interface Rescaling extends tf.layers.Layer {
  readonly scale: number
  readonly offset: number
}

/**
 * Lets every `tf.layers.rescaling` be one operation, `LowbitRescale`, where the active backend has it, instead of a product and a
 * sum. Returns what undoes this.
 */
export function fuseRescalingLayers(): () => void {
  return replaceCall<Rescaling>(
    tf.layers.rescaling({ scale: 1, name: 'class_of_rescaling' }),
    (original) =>
      function (inputs, kwargs) {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs
        const takes = x.dtype === 'float32' && x.size > 0 && tf.getKernel('LowbitRescale', tf.getBackend())
        return takes ? rescale(x, this) : original.call(this, inputs, kwargs)
      },
  )
}

function rescale(x: tf.Tensor, { scale, offset }: Rescaling): tf.Tensor {
  return tf.customGrad((x) => ({
    value: tf.engine().runKernel<tf.Tensor>('LowbitRescale', { x: x as tf.Tensor }, { scale, offset }),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, scale),
  }))(x)
}
