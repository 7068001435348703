import { type Estimator, mmse } from '@lowbit/quantizers'
import { quantizedLayers, releaseQuantization, softmaxCrossEntropy } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { wholeLayer } from '../plans/plan.js'
import { SchedulerError } from '../scheduler-error.js'
import { beginStage } from './begin-stage.js'
import { imageSize, imageTensor, labelTensor, type TrainingBatch } from './training-batch.js'

/** What quantizing one layer alone costs. */
export interface LayerSensitivity {
  readonly name: string
  /** Mean cross-entropy with only this layer quantized less that of the float network. */
  readonly increase: number
}

/**
 * How sensitive each layer is: the loss on these images with that layer alone quantized, its input and all of its filters,
 * ranges estimated on the images too. In forward order. The model is left as it was: all float, learned steps untouched.
 *
 * @param batch a few hundred images, none that the result is judged by; they are looked at 100 at a time
 * @param estimator how ranges are found; least squared error where absent
 * @throws SchedulerError `MODEL` where something is quantized already; `DATA` where images and labels do not fit.
 */
export async function measureSensitivity(
  model: tf.LayersModel,
  batch: TrainingBatch,
  { estimator = mmse }: { readonly estimator?: Estimator } = {},
): Promise<LayerSensitivity[]> {
  const layers = quantizedLayers(model)
  const quantized = layers.find(({ inputRange, weightRange }) => inputRange !== null || weightRange !== null)
  if (quantized !== undefined) {
    throw new SchedulerError('MODEL', `measureSensitivity(): ${quantized.name} is quantized; expected all layers float`)
  }
  const { images, labels } = batch
  if (labels.length === 0 || images.length !== labels.length * imageSize(model)) {
    const got = `${images.length} image values and ${labels.length} labels`
    throw new SchedulerError('DATA', `measureSensitivity(): ${got}; expected ${imageSize(model)} values for each label`)
  }
  const float = await lossOf(model, batch)
  const measured: LayerSensitivity[] = []
  for (const layer of layers) {
    const stage = {
      name: layer.name,
      quantize: [wholeLayer(layer)],
      train: 'all',
      steps: 0,
      learningRate: [1, 1],
    } as const
    const { learnedSteps } = layer
    const steps = learnedSteps === null ? [] : [learnedSteps.input, learnedSteps.weights]
    const before = steps.map((step) => step.read().dataSync().slice())
    try {
      await beginStage(model, stage, { images: batch.images, estimator })
      measured.push({ name: layer.name, increase: (await lossOf(model, batch)) - float })
    } finally {
      releaseQuantization(layer)
      // The ranges that were estimated are gone with this, the steps that they were written to are not.
      tf.tidy(() => {
        for (const [i, step] of steps.entries()) step.write(tf.tensor1d(before[i]!))
      })
    }
  }
  return measured
}

/** The names as a schedule's `order`: what costs least first, so that the most sensitive layers stay float longest. */
export function leastSensitiveFirst(measured: readonly LayerSensitivity[]): string[] {
  return [...measured].sort((a, b) => a.increase - b.increase).map(({ name }) => name)
}

/** Mean cross-entropy, in inference mode. */
async function lossOf(model: tf.LayersModel, { images, labels }: TrainingBatch): Promise<number> {
  const size = images.length / labels.length
  let sum = 0
  for (let from = 0; from < labels.length; from += 100) {
    const some = Array.from({ length: Math.min(100, labels.length - from) }, (_, i) => labels[from + i]!)
    const loss = tf.tidy(() => {
      const x = imageTensor(model, images.subarray(from * size, (from + some.length) * size))
      const logits = model.predictOnBatch(x) as tf.Tensor2D
      return softmaxCrossEntropy(logits, labelTensor(some, logits.shape[1], 0))
    })
    sum += (await loss.data())[0]! * some.length
    loss.dispose()
  }
  return sum / labels.length
}
