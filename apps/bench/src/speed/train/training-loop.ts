import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import { direct, floatTraining, train } from '@lowbit/schedulers'
import { adam, registerTrainingKernels } from '@lowbit/train-kernels'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { registerStockKernels } from '../peers/stock-kernels.js'
import { flopsOfStep, modelOf, type TrainingSetting } from './training-setting.js'

/** `lowbit`: those of @lowbit/train-kernels; `stock`: tfjs's own, with the least that they lack. */
export type TrainingKernelSet = 'lowbit' | 'stock'

export interface TrainingLoop {
  /** `relaxed` or `plain` multiply-adds. */
  readonly path: string
  readonly flopsOfStep: number
  /** Does `stepsATime` steps; gives the milliseconds of one. */
  advance(): Promise<number>
  /** Bytes of tfjs's memory, which only grows: the most that was needed so far. */
  heapBytes(): number
}

/**
 * Training as `train` of @lowbit/schedulers does it, on the same random images at every step: Adam, batch norms in training
 * mode, and below 32 bits everything quantized from the first step on, with ranges of least squared error.
 */
export async function openTrainingLoop(
  setting: TrainingSetting,
  kernels: TrainingKernelSet,
  stepsATime: number,
): Promise<TrainingLoop> {
  tf.enableProdMode()
  await tf.setBackend('wasm')
  const lowbit = kernels === 'lowbit'
  // tfjs's own wasm is compiled without relaxed SIMD.
  const path = lowbit ? registerTrainingKernels().path : 'plain'
  if (!lowbit) registerStockKernels()
  const model = modelOf(setting)
  const plan = (setting.bits === 32 ? floatTraining : directPlan(model))({ steps: 1_000_000 * stepsATime })
  const batch = {
    images: tf.tidy(() => tf.randomUniform([setting.batch, 32, 32, 3], 0, 1, 'float32', 1).dataSync<'float32'>()),
    labels: Int32Array.from({ length: setting.batch }, (_, i) => i % 10),
  }
  const events = train(model, plan, () => forever(batch), {
    learningRate: 1e-3,
    optimizer: (learningRate) => (lowbit ? adam({ learningRate }) : tf.train.adam(learningRate)),
    reportEvery: stepsATime,
    calibration: { images: batch.images },
  })
  // The ranges are estimated before the first step.
  await events.next()
  return {
    path,
    flopsOfStep: flopsOfStep(model, setting.batch),
    async advance() {
      const began = performance.now()
      await events.next()
      return (performance.now() - began) / stepsATime
    },
    heapBytes: () => wasmMemoryBytes(tf.backend()),
  }
}

const directPlan = (model: tf.LayersModel) => (options: { steps: number }) => direct(quantizedLayers(model), options)

function* forever<T>(value: T): Generator<T> {
  while (true) yield value
}

/** The backend's heap, where it shows it as tfjs-backend-wasm 4.22 does. */
function wasmMemoryBytes(backend: object): number {
  if ('wasm' in backend && typeof backend.wasm === 'object' && backend.wasm !== null && 'HEAPU8' in backend.wasm) {
    const { HEAPU8: heap } = backend.wasm
    if (heap instanceof Uint8Array) return heap.byteLength
  }
  return Number.NaN
}
