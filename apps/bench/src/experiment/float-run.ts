import { cnn } from '@lowbit/models'
import { floatTraining } from '@lowbit/schedulers'
import { adamW } from '@lowbit/train-kernels'
import { augmentation } from './augmentation.js'
import type { RunData } from './data.js'
import type { PreparedRun } from './prepared-run.js'
import type { FloatRun } from './run-specification.js'

/** The float baseline: AdamW, the rate halved every so many epochs. */
export function prepareFloatRun({ network, seed, training }: FloatRun, { training: images }: RunData): PreparedRun {
  const { epochs, batch, learningRate, weightDecay, halveEvery } = training
  const stepsAnEpoch = Math.floor(images.size / batch)
  return {
    model: cnn(network, { seed }),
    plan: floatTraining({ steps: epochs * stepsAnEpoch }),
    stepsAnEpoch,
    batches: (from) => images.batches({ size: batch, seed, augment: augmentation, from }),
    options: {
      learningRate,
      decay: { kind: 'step', every: halveEvery * stepsAnEpoch, factor: 0.5 },
      optimizer: (rate) => adamW({ learningRate: rate, weightDecay }),
    },
  }
}
