import { softmaxCrossEntropy } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import type { Distillation } from './training-options.js'

/** What a network should answer: label probabilities, and beside them a teacher's where knowledge is distilled. */
export interface Targets {
  /** [n, classes] */
  readonly labels: tf.Tensor2D
  readonly distilled: DistilledTargets | null
}

export interface DistilledTargets {
  /** softmax(teacher's logits / temperature), [n, classes] */
  readonly probabilities: tf.Tensor2D
  readonly temperature: number
  readonly weight: number
}

/** The teacher's softened answer to these images. Call it outside of what gradients are taken of, in tf.tidy(). */
export function distilledTargets(
  { teacher, temperature = 1, weight = 0.5 }: Distillation,
  images: tf.Tensor,
): DistilledTargets {
  const logits = teacher.apply(images, { training: false }) as tf.Tensor2D
  return { probabilities: tf.softmax(tf.div(logits, temperature)), temperature, weight }
}

/**
 * The scalar that training minimises: cross-entropy with the labels, mixed with that of the teacher's answer (see
 * `Distillation`), plus the model's own regularisation losses. Call it in tf.tidy().
 */
export function trainingLoss(model: tf.LayersModel, images: tf.Tensor, { labels, distilled }: Targets): tf.Scalar {
  const logits = model.apply(images, { training: true }) as tf.Tensor2D
  const losses: tf.Scalar[] = model.calculateLosses()
  if (distilled === null) {
    losses.push(softmaxCrossEntropy(logits, labels))
  } else {
    const { probabilities, temperature, weight } = distilled
    const soft = softmaxCrossEntropy(tf.div(logits, temperature), probabilities)
    losses.push(tf.mul(softmaxCrossEntropy(logits, labels), 1 - weight))
    losses.push(tf.mul(soft, weight * temperature ** 2))
  }
  return losses.length === 1 ? losses[0]! : tf.addN(losses)
}
