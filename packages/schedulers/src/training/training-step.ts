import { dampeningLoss, type QuantizedLayer } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'
import { clipGradients } from './clip-gradients.js'
import { freeOfOscillations, type Oscillations } from './oscillations.js'
import { setLearningRate } from './set-learning-rate.js'
import { freeGradients, holdFrozen, type Trainable } from './trainable.js'
import { imageTensor, labelTensor, type TrainingBatch } from './training-batch.js'
import { distilledTargets, trainingLoss } from './training-loss.js'
import type { TrainingOptions } from './training-options.js'

/** What of a step is not the same in all of them. */
export interface StepState {
  readonly learningRate: number
  /** Weight of the dampening loss. */
  readonly dampening: number
  /** The model's quantized layers. */
  readonly layers: readonly QuantizedLayer[]
  /** `null` where none are looked for. */
  readonly oscillations: Oscillations | null
}

/** One optimizer step on one batch; gives the loss before it, a scalar that the caller disposes. */
export function trainingStep(
  model: tf.LayersModel,
  batch: TrainingBatch,
  trainable: Trainable,
  optimizer: tf.Optimizer,
  { learningRate, dampening, layers, oscillations }: StepState,
  options: TrainingOptions,
): tf.Scalar {
  const {
    distillation,
    labelSmoothing = 0,
    clipNorm,
    weightDecay = 0,
    optimizerState = 'fresh',
    stepRate = 1,
  } = options
  return tf.tidy(() => {
    const images = imageTensor(model, batch.images)
    if (images.shape[0] !== batch.labels.length) {
      const got = `${images.shape[0]} images and ${batch.labels.length} labels`
      throw new SchedulerError('DATA', `train(): ${got} in a batch; expected as many of both`)
    }
    const labels = labelTensor(batch.labels, model.outputs[0]!.shape.at(-1)!, labelSmoothing)
    const distilled = distillation === undefined ? null : distilledTargets(distillation, images)
    const { value, grads } = tf.variableGrads(() => {
      const loss = trainingLoss(model, images, { labels, distilled })
      if (dampening === 0) return loss
      return tf.addN([loss, ...layers.map((layer): tf.Scalar => tf.mul(dampeningLoss(layer), dampening))])
    }, trainable.variables)
    const unfrozen = freeGradients(trainable, grads)
    const free = oscillations === null ? unfrozen : freeOfOscillations(oscillations, unfrozen)
    const gradients = clipNorm === undefined ? free : clipGradients(free, clipNorm)
    const steps = stepRate === 1 ? [] : learnedSteps(layers, trainable)
    const stepsBefore = steps.map((step) => tf.add(step, 0))
    if (weightDecay > 0) {
      for (const variable of trainable.variables) variable.assign(tf.mul(variable, 1 - learningRate * weightDecay))
    }
    setLearningRate(optimizer, learningRate)
    // tfjs's optimizers tell their slots apart by position: where those live on from stage to stage, every variable keeps
    // its place, those that are frozen without a gradient.
    const listed = optimizerState === 'kept' ? trainable.parts.map(({ variable }) => variable) : trainable.variables
    optimizer.applyGradients(listed.map(({ name }) => ({ name, tensor: gradients[name]! })))
    for (const [i, step] of steps.entries()) {
      step.assign(tf.add(tf.mul(stepsBefore[i]!, 1 - stepRate), tf.mul(step, stepRate)))
    }
    holdFrozen(trainable)
    return value
  })
}

/**
 * Those that train: blending would round the others. What every optimizer here does is proportional to its rate, and so is
 * weight decay: a share of their change is a share of the rate.
 */
function learnedSteps(layers: readonly QuantizedLayer[], { variables }: Trainable): tf.Variable[] {
  return layers
    .flatMap(({ learnedSteps }) => (learnedSteps === null ? [] : [learnedSteps.input, learnedSteps.weights]))
    .map((step) => step.read() as tf.Variable)
    .filter((step) => variables.includes(step))
}
