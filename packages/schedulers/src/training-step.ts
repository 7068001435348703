import * as tf from '@tensorflow/tfjs'
import { clipGradients } from './clip-gradients.js'
import { SchedulerError } from './scheduler-error.js'
import { setLearningRate } from './set-learning-rate.js'
import { freeGradients, holdFrozen, type Trainable } from './trainable.js'
import { imageTensor, labelTensor, type TrainingBatch } from './training-batch.js'
import { distilledTargets, trainingLoss } from './training-loss.js'
import type { TrainingOptions } from './training-options.js'

/** One optimizer step on one batch; gives the loss before it, a scalar that the caller disposes. */
export function trainingStep(
  model: tf.LayersModel,
  batch: TrainingBatch,
  trainable: Trainable,
  optimizer: tf.Optimizer,
  learningRate: number,
  { distillation, labelSmoothing = 0, clipNorm, weightDecay = 0, optimizerState = 'fresh' }: TrainingOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const images = imageTensor(model, batch.images)
    if (images.shape[0] !== batch.labels.length) {
      const got = `${images.shape[0]} images and ${batch.labels.length} labels`
      throw new SchedulerError('DATA', `train(): ${got} in a batch; expected as many of both`)
    }
    const labels = labelTensor(batch.labels, model.outputs[0]!.shape.at(-1)!, labelSmoothing)
    const distilled = distillation === undefined ? null : distilledTargets(distillation, images)
    const { value, grads } = tf.variableGrads(
      () => trainingLoss(model, images, { labels, distilled }),
      trainable.variables,
    )
    const free = freeGradients(trainable, grads)
    const gradients = clipNorm === undefined ? free : clipGradients(free, clipNorm)
    if (weightDecay > 0) {
      for (const variable of trainable.variables) variable.assign(tf.mul(variable, 1 - learningRate * weightDecay))
    }
    setLearningRate(optimizer, learningRate)
    // tfjs's optimizers tell their slots apart by position: where those live on from stage to stage, every variable keeps
    // its place, those that are frozen without a gradient.
    const listed = optimizerState === 'kept' ? trainable.parts.map(({ variable }) => variable) : trainable.variables
    optimizer.applyGradients(listed.map(({ name }) => ({ name, tensor: gradients[name]! })))
    holdFrozen(trainable)
    return value
  })
}
