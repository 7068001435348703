import type { RunResult } from '../src/experiment/run-result.js'
import {
  type FloatRun,
  type QuantizedRun,
  type RunSpecification,
  runName,
} from '../src/experiment/run-specification.js'

/** A float run that takes seconds, of a dataset that is not looked at where only the specification matters. */
export const floatRun: FloatRun = {
  kind: 'float',
  network: 'CNN6',
  data: { name: 'generated', checksum: '', trainingImages: 300, heldOutImages: 100 },
  seed: 1,
  training: { epochs: 5, batch: 50, learningRate: 2e-3, weightDecay: 1e-5, decay: 'cosine', augmentation: 'full' },
  kernels: 'relaxed',
}

export const quantizedRun: QuantizedRun = {
  kind: 'quantized',
  baseline: floatRun,
  bits: 3,
  method: 'neuron',
  training: {
    epochs: 10,
    batch: 50,
    learningRate: 1e-3,
    finalLearningRate: 5e-5,
    groups: 2,
    budget: 'total',
    perChannel: false,
    augmentation: 'flip',
    calibrationImages: 50,
  },
}

/** A result of a run as it stands in a results file, with some of it made otherwise. */
export function resultOf(specification: RunSpecification, test: number, other: Partial<RunResult> = {}): RunResult {
  return {
    run: runName(specification),
    specification,
    accuracy: { start: 0.1, heldOut: test, test },
    stages: [],
    largestDrop: 0.25,
    steps: 40,
    weights: '',
    seconds: 1,
    finished: '2026-01-01T00:00:00.000Z',
    environment: {
      node: '20.19.0',
      v8: '11.3',
      tfjs: '4.22.0',
      lowbit: '0.1.0',
      cpu: 'a processor',
      cores: 2,
      platform: 'linux-x64',
      backend: 'wasm',
      kernels: 'relaxed',
    },
    ...other,
  }
}
