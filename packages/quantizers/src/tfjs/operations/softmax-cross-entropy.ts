import * as tf from '@tensorflow/tfjs'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernelWithOutputs } from './registered-kernel.js'

/**
 * Mean over the rows of `-sum(labels * log(softmax(logits)))`, a scalar. Both are [n, classes]; the rows of `labels` are
 * probabilities and sum to 1 (one-hot, smoothed, or another network's softmax).
 *
 * Gradient for the logits: `(softmax(logits) - labels) / n`; the labels are taken as constant.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return customGradient(
    [logits],
    (save) => {
      const [loss, dlogits] = hasKernel('LowbitSoftmaxCrossEntropy')
        ? runKernelWithOutputs('LowbitSoftmaxCrossEntropy', { logits, labels })
        : composed(logits, labels)
      save([dlogits!])
      return loss!
    },
    (dy, [dlogits]) => [tf.mul(dlogits!, dy)],
  ) as tf.Scalar
}

function composed(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor[] {
  return tf.tidy(() => {
    const n = logits.shape[0]!
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const logSoftmax = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)))
    return [tf.neg(tf.div(tf.sum(tf.mul(labels, logSoftmax)), n)), tf.div(tf.sub(tf.exp(logSoftmax), labels), n)]
  })
}
