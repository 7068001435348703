import { type Split, take } from '@lowbit/datasets'
import { cnn, loadWeights } from '@lowbit/models'
import { mmse } from '@lowbit/quantizers'
import { foldBatchNorm, quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import { measureSensitivity, stepsPerStage, type TrainingBatch } from '@lowbit/schedulers'
import { adam } from '@lowbit/train-kernels'
import { BenchError } from '../bench-error.js'
import { recipeOf } from '../methods/index.js'
import { augmentations } from './augmentation.js'
import type { SeenData } from './data.js'
import type { PreparedRun } from './prepared-run.js'
import { openRunFolder } from './run-folder.js'
import { describeRun, type QuantizedRun } from './run-specification.js'

/** The first convolution and the classifier stay float, as in the networks' published form. */
const FLOAT_LAYERS = ['conv0', 'fc2']

/** The baseline with its batch norms folded and its layers ready to be quantized, and the plan that quantizes them. */
export async function prepareQuantizedRun(run: QuantizedRun, data: SeenData, store: string): Promise<PreparedRun> {
  const { baseline, bits, method, settings, training } = run
  const { plan, quantizer = 'straightThrough', training: methodTraining } = recipeOf(method, settings)
  const float = cnn(baseline.network, { seed: baseline.seed })
  const weights = await (await openRunFolder(store, baseline)).readWeights()
  if (weights === undefined) throw new BenchError('RUN', `${describeRun(run)}: expected its float baseline in ${store}`)
  loadWeights(float, weights)
  const folded = foldBatchNorm(float)
  const { perChannel, activationBits = bits } = training
  const inputLevels = 2 ** activationBits
  const model = quantizeModel(folded, { bits, inputLevels, perChannel, quantizer, float: FLOAT_LAYERS })
  const {
    batch,
    learningRate,
    finalLearningRate,
    calibrationImages,
    epochs,
    wholeEpochs = epochs,
    groups,
    budget,
  } = training
  // A stream of its own: the order in which the baseline saw the images is not repeated.
  const seed = baseline.seed + 1_000_000
  const stepsAnEpoch = Math.floor(data.training.size / batch)
  const stepsOf = (epochs: number) => Math.max(1, Math.round(epochs * stepsAnEpoch))
  const steps = stepsOf(epochs)
  const ofMethod = methodTraining?.(folded) ?? {}
  const { estimator = mmse } = ofMethod
  const sensitivities = () => measureSensitivity(model, firstImages(data.training, calibrationImages), { estimator })
  const inTotal = await plan(quantizedLayers(model), { steps, groups }, { sensitivities })
  return {
    model,
    plan: budget === 'total' ? inTotal : stepsPerStage(inTotal, steps, { whole: stepsOf(wholeEpochs) }),
    stepsAnEpoch,
    batches: (from) =>
      data.training.batches({ size: batch, seed, augment: augmentations[training.augmentation], from }),
    options: {
      learningRate,
      decay: { kind: 'cosine', to: finalLearningRate / learningRate },
      optimizer: (rate) => adam({ learningRate: rate }),
      calibration: { count: calibrationImages },
      ...ofMethod,
    },
  }
}

function firstImages(split: Split, count: number): TrainingBatch {
  const [batch] = take(split, Math.min(count, split.size)).inOrder({ size: count })
  return batch!
}
