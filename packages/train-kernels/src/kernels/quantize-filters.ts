import type { TensorInfo } from '@tensorflow/tfjs'
import { filterIntervalKernels } from '../elementwise/filter-interval-kernels.js'
import { isFilled, noteIntegers } from '../known-integers.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, float32View, memoryOf } from '../tfjs/wasm-backend.js'

/**
 * Weights in units of their scale: mask ? clamp(nearest(w * inverseScale), minimum, maximum) : w * inverseScale. Filters lie
 * on the last axis of w and mask; inverseScale, minimum and maximum are [filters].
 */
export const quantizeFilters: TrainingKernel = {
  name: 'LowbitQuantizeFilters',
  run(call) {
    const weights = weightsOf(call)
    if (!weights) return undefined
    const y = allocate(call.backend, weights.shape)
    const { quantize } = filterIntervalKernels(memoryOf(call.backend))
    quantize(...weights.addresses, addressOf(call.backend, y), weights.rows, weights.filters)
    const values = (name: string) => float32View(call.backend, input(call, name))
    if (isFilled(input(call, 'mask'), () => values('mask')))
      noteIntegers(y, [...values('minimum'), ...values('maximum')])
    return y
  },
}

/** The straight-through gradient: dy * inverseScale, but 0 where the mask is 1 and w * inverseScale outside minimum..maximum. */
export const quantizeFiltersGradient: TrainingKernel = {
  name: 'LowbitQuantizeFiltersGrad',
  run(call) {
    const dy = input(call, 'dy')
    const weights = weightsOf(call)
    if (!weights || !areFilledFloats(dy)) return undefined
    const dw = allocate(call.backend, weights.shape)
    const { gradient } = filterIntervalKernels(memoryOf(call.backend))
    const at = [addressOf(call.backend, dy), addressOf(call.backend, dw)]
    gradient(...weights.addresses, ...at, weights.rows, weights.filters)
    return dw
  },
}

function weightsOf(call: KernelCall) {
  const names = ['w', 'mask', 'inverseScale', 'minimum', 'maximum']
  const tensors = names.map((name) => input(call, name))
  const [w, mask, ...intervals] = tensors as [TensorInfo, TensorInfo, ...TensorInfo[]]
  const filters = w.shape.at(-1) ?? 1
  const fits = sizeOf(mask) === sizeOf(w) && intervals.every((tensor) => sizeOf(tensor) === filters)
  if (!fits || !areFilledFloats(...tensors)) return undefined
  const addresses = tensors.map((tensor) => addressOf(call.backend, tensor))
  return { shape: w.shape, addresses, rows: sizeOf(w) / filters, filters }
}
