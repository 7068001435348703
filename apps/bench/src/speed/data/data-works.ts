import { type Augmentation, crop, flip, generated, rotate } from '@lowbit/datasets'
import type { Peer, SpeedWork } from '../speed-work.js'
import { timed } from '../stopwatch.js'
import { openStepProcess, stepTime } from '../train/training-peers.js'

const BATCH = 100

/** Batches to train on, from none to all that the experiments do to an image, beside the step that has to wait for them. */
export function dataWorks(): SpeedWork[] {
  return [
    batchWork('plain', []),
    batchWork('flip', [flip()]),
    batchWork('flip-crop', [flip(), crop(4)]),
    batchWork('flip-crop-rotate', [flip(), crop(4), rotate(9)]),
  ]
}

function batchWork(name: string, augment: readonly Augmentation[]): SpeedWork {
  return {
    name: `batch-${name}`,
    bits: [32],
    async open() {
      const { train } = generated({ seed: 1, train: 2000, test: 0 })
      const batches = train.batches({ size: BATCH, seed: 1, augment })[Symbol.iterator]()
      const next = timed('lowbit', () => batches.next())
      return { ours: [{ ...next, bits: 32, threads: 1, path: 'js' }], peers: [trainingStep], close: async () => {} }
    },
  }
}

/** Not somebody else, but what a batch is for. */
const trainingStep: Peer = {
  name: 'CNN6-step',
  async open() {
    const setting = { network: 'CNN6', bits: 32, batch: BATCH } as const
    const steps = await openStepProcess({ setting, kernels: 'lowbit', stepsATime: 1 })
    return { version: 'ours', measure: () => stepTime(steps), close: () => steps.close() }
  },
}
