import type { TensorInfo } from '@tensorflow/tfjs'
import {
  moments,
  type Normalization,
  type NormalizationTotals,
  normalizationGradient,
  normalizationTotals,
  normalize,
} from '../channels/batch-norm.js'
import { askForMoments } from '../channels/known-moments.js'
import { noteNormalized, noteTotals, totalsFor } from '../channels/known-totals.js'
import {
  areFilledFloats,
  input,
  type KernelCall,
  numberAttribute,
  sizeOf,
  type TrainingKernel,
} from '../tfjs/training-kernel.js'
import { addressOf, allocate, float32View } from '../tfjs/wasm-backend.js'

/**
 * Batch norm of training over all but the last axis: inputs x, gamma, beta, movingMean, movingVariance, attributes epsilon and
 * momentum. Gives y, the mean and variance of x, and both moving averages: average - (average - value) * (1 - momentum).
 */
export const batchNorm: TrainingKernel = {
  name: 'LowbitBatchNorm',
  run(call, path) {
    const { backend } = call
    const [x, gamma, beta] = [input(call, 'x'), input(call, 'gamma'), input(call, 'beta')]
    const averages = [input(call, 'movingMean'), input(call, 'movingVariance')]
    if (!areFilledFloats(x, gamma, beta, ...averages)) return undefined
    const shape = normalization(call, x, numberAttribute(call, 'epsilon'))
    const y = allocate(backend, x.shape)
    const results = Array.from({ length: 4 }, () => allocate(backend, [shape.channels]))
    const { mean, variance } = askForMoments(x) ?? moments(backend, shape)
    const [meanView, varianceView] = results.map((tensor) => float32View(backend, tensor))
    meanView!.set(mean)
    varianceView!.set(variance)
    const decay = Math.fround(1 - numberAttribute(call, 'momentum'))
    for (const [i, average] of averages.entries()) {
      const old = float32View(backend, average)
      const value = float32View(backend, results[i]!)
      float32View(backend, results[2 + i]!).set(old.map((o, c) => o - Math.fround(Math.fround(o - value[c]!) * decay)))
    }
    const numbers = {
      mean: meanView!.slice(),
      variance,
      gamma: float32View(backend, gamma).slice(),
      beta: float32View(backend, beta).slice(),
    }
    normalize(backend, shape, addressOf(backend, y), numbers, path)
    noteNormalized(y, results[0]!, numbers)
    return [y, ...results]
  },
}

/** Its gradient: inputs x, dy, gamma and the mean and variance that it gave, attribute epsilon; gives dx, dgamma, dbeta. */
export const batchNormGradient: TrainingKernel = {
  name: 'LowbitBatchNormGrad',
  run(call, path) {
    const { backend } = call
    const [x, dy, gamma] = [input(call, 'x'), input(call, 'dy'), input(call, 'gamma')]
    const [mean, variance] = [input(call, 'mean'), input(call, 'variance')]
    if (!areFilledFloats(x, dy, gamma, mean, variance)) return undefined
    const shape = normalization(call, x, numberAttribute(call, 'epsilon'))
    const [dx, dgamma, dbeta] = [
      allocate(backend, x.shape),
      allocate(backend, gamma.shape),
      allocate(backend, gamma.shape),
    ]
    const copy = (tensor: TensorInfo) => float32View(backend, tensor).slice()
    const numbers = { mean: copy(mean), variance: copy(variance), gamma: copy(gamma) }
    const totals =
      notedTotals(mean, dy, numbers.gamma) ?? normalizationTotals(backend, shape, addressOf(backend, dy), numbers)
    const at = { dy: addressOf(backend, dy), dx: addressOf(backend, dx) }
    normalizationGradient(backend, shape, at, totals, numbers, path)
    // However dy is, dx sums to 0 over the pixels: a bias before a batch norm changes nothing.
    noteTotals(dx, { sums: new Float64Array(shape.channels) })
    float32View(backend, dgamma).set(totals.products)
    float32View(backend, dbeta).set(totals.sums)
    return [dx, dgamma, dbeta]
  },
}

/** How much smaller than beta a gamma may be for (y - beta) / gamma to have kept enough of the normalized value. */
const smallestGamma = 2 ** -6

/** The totals that were taken where dy was written, unless too little of the normalized values was left in y. */
function notedTotals(mean: TensorInfo, dy: TensorInfo, gamma: Float32Array): NormalizationTotals | undefined {
  const noted = totalsFor(mean, dy)
  if (!noted?.beta.every((b, c) => gamma[c] !== 0 && Math.abs(gamma[c]!) >= smallestGamma * Math.abs(b)))
    return undefined
  return { sums: noted.sums, products: noted.products.map((product, c) => product / gamma[c]!) }
}

/** tfjs's batch norm of inference with moments [channels]: each operation rounded, whatever the path. */
export const fusedBatchNorm: TrainingKernel = {
  name: 'FusedBatchNorm',
  run(call) {
    const { backend, inputs } = call
    const [x, mean, variance] = [input(call, 'x'), input(call, 'mean'), input(call, 'variance')]
    const channels = x.shape.at(-1)!
    const given = [mean, variance, inputs.scale, inputs.offset].filter((tensor) => tensor !== undefined)
    if (!areFilledFloats(x, ...given) || given.some((tensor) => sizeOf(tensor) !== channels)) return undefined
    const shape = normalization(call, x, numberAttribute(call, 'varianceEpsilon'))
    const y = allocate(backend, x.shape)
    const copy = (tensor: TensorInfo | undefined, missing: number) =>
      tensor ? float32View(backend, tensor).slice() : new Float32Array(channels).fill(missing)
    const numbers = {
      mean: copy(mean, 0),
      variance: copy(variance, 1),
      gamma: copy(inputs.scale, 1),
      beta: copy(inputs.offset, 0),
    }
    normalize(backend, shape, addressOf(backend, y), numbers, 'twice')
    return y
  },
}

function normalization({ backend }: KernelCall, x: TensorInfo, epsilon: number): Normalization {
  const channels = x.shape.at(-1)!
  return { x: addressOf(backend, x), pixels: sizeOf(x) / channels, channels, epsilon }
}
