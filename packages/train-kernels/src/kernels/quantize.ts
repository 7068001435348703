import type { TensorInfo } from '@tensorflow/tfjs'
import { channelTotals } from '../channel-totals.js'
import { intervalKernels } from '../interval-kernels.js'
import { noteIntegers } from '../known-integers.js'
import { normalizationOf, noteTotals } from '../known-normalization.js'
import { gateOf } from '../summations.js'
import {
  areFilledFloats,
  input,
  type KernelCall,
  numberAttribute,
  sizeOf,
  type TrainingKernel,
} from '../training-kernel.js'
import { addressOf, allocate, memoryOf } from '../wasm-backend.js'

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
  const normalization = normalizationOf(x)
  if (normalization) {
    const { beta } = normalization
    const numbers = { center: beta, constants }
    const totals = channelTotals(backend, gateOf, at, sizeOf(x) / beta.length, beta.length, numbers)
    noteTotals(dx, { normalization, sums: totals[0]!, products: totals[1]! })
  } else intervalKernels(memoryOf(backend)).gate(at.x, at.dy, at.dx, sizeOf(x), ...constants)
  return dx
}

const bounds = (call: KernelCall) => [numberAttribute(call, 'minimum'), numberAttribute(call, 'maximum')] as const
