import { cnn } from '@lowbit/models'
import { floatTraining } from '@lowbit/schedulers'
import { adamW } from '@lowbit/train-kernels'
import { augmentations } from './augmentation.js'
import type { SeenData } from './data.js'
import type { PreparedRun } from './prepared-run.js'
import type { FloatRun } from './run-specification.js'

/** The float baseline: AdamW. */
export function prepareFloatRun({ network, seed, training }: FloatRun, { training: images }: SeenData): PreparedRun {
  const { epochs, batch, learningRate, weightDecay, decay, augmentation } = training
  const stepsAnEpoch = Math.floor(images.size / batch)
  return {
    model: cnn(network, { seed }),
    plan: floatTraining({ steps: epochs * stepsAnEpoch }),
    stepsAnEpoch,
    batches: (from) => images.batches({ size: batch, seed, augment: augmentations[augmentation], from }),
    options: {
      learningRate,
      decay:
        decay === 'cosine'
          ? { kind: 'cosine', to: 0 }
          : { kind: 'step', every: Math.ceil((epochs * stepsAnEpoch) / 4), factor: 0.5 },
      optimizer: (rate) => adamW({ learningRate: rate, weightDecay }),
    },
  }
}
