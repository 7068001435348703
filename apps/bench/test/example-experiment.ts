import { PROFILES } from '../src/experiment/profile.js'
import type { RunResult, StageRecord } from '../src/experiment/run-result.js'
import type { FloatRun, MethodName, QuantizedRun } from '../src/experiment/run-specification.js'
import { resultOf } from './example-runs.js'

const { heldOutImages, trainingImages, float, quantized } = PROFILES.paper

export const paperBaseline: FloatRun = {
  kind: 'float',
  network: 'CNN8',
  data: { name: 'cifar-10', checksum: '80387ddb9a0edf3f', trainingImages, heldOutImages },
  seed: 1,
  training: float,
  kernels: 'relaxed',
}

export const paperRun: QuantizedRun = {
  kind: 'quantized',
  baseline: paperBaseline,
  bits: 3,
  method: 'neuron',
  training: quantized,
}

/** Made-up accuracies in percent, one for each of the seeds 1, 2, 3, … */
const TEST_ACCURACY: readonly [bits: number, method: MethodName, accuracies: readonly number[]][] = [
  [3, 'direct', [71, 72, 73]],
  [3, 'layer', [68, 69.5, 69]],
  [3, 'neuron', [72, 73.5, 74]],
  [8, 'neuron', [76.1]],
]
const FLOAT_ACCURACY = [75, 76, 77]

/** A small experiment, whole: three float networks, and what became of them. `change` makes another one of it. */
export function exampleResults(change: (run: QuantizedRun) => QuantizedRun = (run) => run): RunResult[] {
  const baselineOfSeed = (seed: number): QuantizedRun => change({ ...paperRun, baseline: { ...paperBaseline, seed } })
  const baselines = FLOAT_ACCURACY.map((accuracy, i) =>
    resultOf(baselineOfSeed(i + 1).baseline, accuracy / 100, { stages: [stage('float', 90_000, 0.1, accuracy / 100)] }),
  )
  const quantizedRuns = TEST_ACCURACY.flatMap(([bits, method, accuracies]) =>
    accuracies.map((accuracy, i) => {
      const run = { ...baselineOfSeed(i + 1), bits, method }
      return resultOf(run, accuracy / 100, courseOf(method, FLOAT_ACCURACY[i]! / 100, accuracy / 100))
    }),
  )
  return [...baselines, ...quantizedRuns]
}

/** Results of several experiments as a results file has them: once each, although float networks serve several. */
export function together(...experiments: readonly (readonly RunResult[])[]): RunResult[] {
  return [...new Map(experiments.flat().map((result) => [result.run, result])).values()]
}

/** Direct falls to 40 % at once; the others go down by half their loss, train, and go down by the rest. */
function courseOf(method: MethodName, start: number, end: number): Partial<RunResult> {
  if (method === 'direct')
    return { steps: 14_400, largestDrop: start - 0.4, stages: [stage('all layers', 14_400, 0.4, end)] }
  const middle = (start + end) / 2
  const stages = [stage('conv1', 7_200, middle, middle), stage('conv2', 14_400, end, end)]
  return { steps: 14_400, largestDrop: Math.max(0, start - end), stages }
}

const stage = (name: string, step: number, begin: number, end: number): StageRecord => ({ name, step, begin, end })
