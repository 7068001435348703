import type { LineProcess } from '../line-process.js'
import type { Contender, Peer, ProfileRow, SpeedWork } from '../speed-work.js'
import { openStepProcess, stepTime, trainingPeers } from './training-peers.js'
import { TRAINED_NETWORKS, type TrainingSetting } from './training-setting.js'

const BATCH = 100

/** Steps done on end, so that what the training loop does once in a while is spread as in a real run. */
const STEPS_A_TIME = 2

/** A step of each network, float and quantized; and two runs side by side, as grids of runs are computed. */
export function trainingWorks({ threads }: { readonly threads: number }): SpeedWork[] {
  const settings = TRAINED_NETWORKS.flatMap((network) => [32, 4].map((bits) => ({ network, bits, batch: BATCH })))
  return [
    ...settings.map((setting) => stepWork(setting, threads)),
    ...settings.filter(({ bits }) => bits < 32).map(twoRunsWork),
  ]
}

function stepWork(setting: TrainingSetting, threads: number): SpeedWork {
  const { network, bits } = setting
  return {
    name: `${network}-step`,
    bits: [bits],
    async open() {
      const steps = await openStepProcess({ setting, kernels: 'lowbit', stepsATime: STEPS_A_TIME })
      const ours: Contender = {
        name: 'lowbit',
        ...{ bits, threads: 1, path: String(steps.hello.path) },
        measure: () => stepTime(steps),
        facts: async () => ({ heapMiB: Number(await steps.ask('heap')) / 2 ** 20 }),
        profile: async () => JSON.parse(await steps.ask('profile')) as ProfileRow[],
      }
      const rate = { unit: 'gflops', perCall: Number(steps.hello.flops) } as const
      return { ours: [ours], peers: trainingPeers(setting, threads), rate, close: () => steps.close() }
    },
  }
}

/** How long runs go on for one figure of them side by side, in milliseconds: long beside a step, so that neither waits for the other. */
const STRETCH = 250

/**
 * V8 collects garbage on threads of its own. A run alone would have them on the core that a second run works on, and be compared
 * with what two cores can do.
 */
const oneCore = ['--single-threaded']

/** Time a step where two processes train at once, each its own run: the inverse of how many steps both together do a millisecond. */
function twoRunsWork(setting: TrainingSetting): SpeedWork {
  const { network, bits } = setting
  const open = () => openStepProcess({ setting, kernels: 'lowbit', stepsATime: STEPS_A_TIME }, oneCore)
  const alone: Peer = {
    name: 'one-run',
    async open() {
      const steps = await open()
      return { version: 'itself', measure: async () => 1 / (await stepRate(steps)), close: () => steps.close() }
    },
  }
  return {
    name: `${network}-two-runs`,
    bits: [bits],
    async open() {
      const runs = await Promise.all([open(), open()])
      const ours: Contender = {
        name: 'lowbit',
        ...{ bits, threads: 1, path: String(runs[0].hello.path) },
        async measure() {
          const rates = await Promise.all(runs.map(stepRate))
          return 1 / rates.reduce((a, b) => a + b)
        },
      }
      return {
        ours: [ours],
        peers: [alone],
        close: async () => {
          await Promise.all(runs.map((run) => run.close()))
        },
      }
    },
  }
}

/** Steps a millisecond of a process that steps without a pause. */
async function stepRate(steps: LineProcess): Promise<number> {
  const began = performance.now()
  let done = 0
  do {
    await stepTime(steps)
    done += STEPS_A_TIME
  } while (performance.now() - began < STRETCH)
  return done / (performance.now() - began)
}
