import type { TensorInfo } from '@tensorflow/tfjs'
import { channelTotals } from '../channels/channel-totals.js'
import { normalizationOf, noteTotals } from '../channels/known-totals.js'
import { gateOf, normalizedGateOf } from '../channels/summations.js'
import { intervalKernels } from '../elementwise/interval-kernels.js'
import { noteIntegers } from '../known-integers.js'
import {
  areFilledFloats,
  input,
  type KernelCall,
  numberAttribute,
  sizeOf,
  type TrainingKernel,
} from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf } from '../tfjs/wasm-backend.js'

/** The integers of an activation: clamp(nearest(x * inverseScale), minimum, maximum), half to even; NaN stays NaN. */
export const quantize: TrainingKernel = {
  name: 'LowbitQuantize',
  run(call) {
    const y = map(call, 'quantize', numberAttribute(call, 'inverseScale'))
    if (y) noteIntegers(y, bounds(call))
    return y
  },
}

/** Its straight-through gradient: dy * inverseScale where minimum <= x * inverseScale <= maximum, elsewhere 0. */
export const quantizeGradient: TrainingKernel = {
  name: 'LowbitQuantizeGrad',
  run: (call) => gate(call, numberAttribute(call, 'inverseScale')),
}

/** min(max(x, minimum), maximum); NaN stays NaN. */
export const activation: TrainingKernel = { name: 'LowbitActivation', run: (call) => map(call, 'clamp', 1) }

/** Its gradient: dy where minimum <= x <= maximum, elsewhere 0. */
export const activationGradient: TrainingKernel = { name: 'LowbitActivationGrad', run: (call) => gate(call, 1) }

function map(call: KernelCall, name: 'quantize' | 'clamp', inverseScale: number): TensorInfo | undefined {
  const { backend } = call
  const x = input(call, 'x')
  if (!areFilledFloats(x)) return undefined
  const y = allocate(backend, x.shape)
  const run = intervalKernels(memoryOf(backend))[name]
  run(addressOf(backend, x), addressOf(backend, y), sizeOf(x), inverseScale, ...bounds(call))
  return y
}

function gate(call: KernelCall, inverseScale: number): TensorInfo | undefined {
  const { backend } = call
  const [x, dy] = [input(call, 'x'), input(call, 'dy')]
  if (!areFilledFloats(x, dy)) return undefined
  const dx = allocate(backend, x.shape)
  const at = { x: addressOf(backend, x), dy: addressOf(backend, dy), dx: addressOf(backend, dx) }
  const constants = [inverseScale, ...bounds(call)]
  const by = normalizationOf(x)
  const channels = by?.beta.length ?? lastAxis(x)
  const numbers = by ? { center: by.beta, constants } : { constants }
  const gate = by ? normalizedGateOf : gateOf
  const [sums, products] = channelTotals(backend, gate, at, sizeOf(x) / channels, channels, numbers)
  noteTotals(dx, by && products ? { sums: sums!, normalized: { by, products } } : { sums: sums! })
  return dx
}

/** Beyond that many channels totals of each would have too much to carry along; then there is one for all. */
const mostChannels = 1 << 12

function lastAxis({ shape }: TensorInfo): number {
  const channels = shape.at(-1) ?? 1
  return channels <= mostChannels ? channels : 1
}

const bounds = (call: KernelCall) => [numberAttribute(call, 'minimum'), numberAttribute(call, 'maximum')] as const
