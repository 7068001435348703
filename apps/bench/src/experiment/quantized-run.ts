import { cnn, loadWeights } from '@lowbit/models'
import { foldBatchNorm, quantizedLayers, quantizeModel } from '@lowbit/quantizers/tfjs'
import {
  direct,
  filterByFilter,
  type LayerShape,
  layerByLayer,
  neuronByNeuron,
  type Plan,
  stepsPerStage,
} from '@lowbit/schedulers'
import { adam } from '@lowbit/train-kernels'
import { BenchError } from '../bench-error.js'
import { augmentations } from './augmentation.js'
import type { RunData } from './data.js'
import type { PreparedRun } from './prepared-run.js'
import { openRunFolder } from './run-folder.js'
import { describeRun, type MethodName, type QuantizedRun, type QuantizedTraining } from './run-specification.js'

/** The first convolution and the classifier stay float, as in the networks' published form. */
const FLOAT_LAYERS = ['conv0', 'fc2']

/** The baseline with its batch norms folded and its layers ready to be quantized, and the plan that quantizes them. */
export async function prepareQuantizedRun(run: QuantizedRun, data: RunData, store: string): Promise<PreparedRun> {
  const { baseline, bits, method, training } = run
  const float = cnn(baseline.network, { seed: baseline.seed })
  const weights = await (await openRunFolder(store, baseline)).readWeights()
  if (weights === undefined) throw new BenchError('RUN', `${describeRun(run)}: expected its float baseline in ${store}`)
  loadWeights(float, weights)
  const folded = foldBatchNorm(float)
  const model = quantizeModel(folded, { bits, perChannel: training.perChannel, float: FLOAT_LAYERS })
  const { batch, learningRate, finalLearningRate, calibrationImages } = training
  // A stream of its own: the order in which the baseline saw the images is not repeated.
  const seed = baseline.seed + 1_000_000
  const stepsAnEpoch = Math.floor(data.training.size / batch)
  return {
    model,
    plan: planFor(method, quantizedLayers(model), training, stepsAnEpoch),
    stepsAnEpoch,
    batches: (from) =>
      data.training.batches({ size: batch, seed, augment: augmentations[training.augmentation], from }),
    options: {
      learningRate,
      decay: { kind: 'cosine', to: finalLearningRate / learningRate },
      optimizer: (rate) => adam({ learningRate: rate }),
      calibration: { count: calibrationImages },
    },
  }
}

function planFor(
  method: MethodName,
  layers: readonly LayerShape[],
  { epochs, groups, budget }: QuantizedTraining,
  stepsAnEpoch: number,
): Plan {
  const steps = epochs * stepsAnEpoch
  const plan = SCHEDULES[method](layers, steps, groups)
  return budget === 'total' ? plan : stepsPerStage(plan, steps)
}

const SCHEDULES: Readonly<Record<MethodName, (layers: readonly LayerShape[], steps: number, groups: number) => Plan>> =
  {
    direct: (layers, steps) => direct(layers, { steps }),
    layer: (layers, steps) => layerByLayer(layers, { steps }),
    filter: (layers, steps, groups) => filterByFilter(layers, { steps, groups }),
    neuron: (layers, steps, groups) => neuronByNeuron(layers, { steps, groups }),
  }
