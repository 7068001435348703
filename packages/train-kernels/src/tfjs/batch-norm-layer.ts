import * as tf from '@tensorflow/tfjs'
import { replaceCall } from './replace-call.js'

/** What is used of the class behind `tf.layers.batchNormalization`, which tfjs does not export. */
interface BatchNormalization extends tf.layers.Layer {
  readonly axis: number
  readonly epsilon: number
  readonly momentum: number
  readonly gamma?: Weight
  readonly beta?: Weight
  readonly movingMean: Weight
  readonly movingVariance: Weight
}

interface Weight {
  read(): tf.Tensor
  write(value: tf.Tensor): void
}

/**
 * Lets every `tf.layers.batchNormalization` compute its training step by the kernel `LowbitBatchNorm` where the active backend
 * has it and the layer normalizes over the last axis; otherwise the layer does what it did. Returns what undoes this.
 */
export function fuseBatchNormLayers(): () => void {
  return replaceCall<BatchNormalization>(
    tf.layers.batchNormalization({ name: 'class_of_batch_normalization' }),
    (original) =>
      function (inputs, kwargs) {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs
        const takes = kwargs.training && isFusible(this, x) && tf.getKernel('LowbitBatchNorm', tf.getBackend())
        return takes ? normalizeBatch(this, x) : original.call(this, inputs, kwargs)
      },
  )
}

function isFusible(layer: BatchNormalization, x: tf.Tensor): boolean {
  const last = layer.axis === -1 || layer.axis === x.rank - 1
  return last && layer.gamma !== undefined && layer.beta !== undefined && x.dtype === 'float32' && x.size > 0
}

/** The layer's step of training: one operation with its gradient, and new moving averages. */
function normalizeBatch(layer: BatchNormalization, input: tf.Tensor): tf.Tensor {
  const { epsilon, momentum } = layer
  const normalize = tf.customGrad((...given) => {
    const [x, gamma, beta, save] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc]
    const averages = { movingMean: layer.movingMean.read(), movingVariance: layer.movingVariance.read() }
    const outputs = tf
      .engine()
      .runKernel<tf.Tensor[]>('LowbitBatchNorm', { x, gamma, beta, ...averages }, { epsilon, momentum })
    const [value, mean, variance, movingMean, movingVariance] = outputs as [
      ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
    ]
    layer.movingMean.write(movingMean)
    layer.movingVariance.write(movingVariance)
    save([x, gamma, mean, variance])
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved, epsilon) }
  })
  return normalize(input, layer.gamma!.read(), layer.beta!.read())
}

function gradients(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): tf.Tensor[] {
  const [x, gamma, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
  return tf.engine().runKernel<tf.Tensor[]>('LowbitBatchNormGrad', { x, dy, gamma, mean, variance }, { epsilon })
}
