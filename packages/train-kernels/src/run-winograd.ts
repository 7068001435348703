import { compile } from '@lowbit/wasm-emit'
import { multiplyAddOf, type Rounding } from './arithmetic.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { cachedProgram } from './program-cache.js'
import type { FilterGradientAddresses } from './run-filter-gradient.js'
import type { InputGradientAddresses } from './run-input-gradient.js'
import { scratch } from './scratch.js'
import { memoryOf, type WasmBackend } from './wasm-backend.js'
import { forwardProduct, winogradConvolution } from './winograd-convolution.js'
import { type KernelOrder, swappedOrder, transformFilter } from './winograd-filter.js'
import { winogradFilterGradient } from './winograd-filter-gradient.js'
import { inputGradientProduct, winogradInputGradient } from './winograd-input-gradient.js'
import { type WinogradPlan, winogradBytes } from './winograd-plan.js'

/** Where the values of a convolution by Winograd's transforms lie; bias and scale both or neither. */
export interface WinogradAddresses {
  readonly input: number
  readonly filter: number
  readonly output: number
  readonly affine?: { readonly bias: number; readonly scale: number }
}

/** A convolution of a batch; `key` names plan and order in the cache. */
export function runWinograd(
  backend: WasmBackend,
  batch: number,
  plan: WinogradPlan,
  order: KernelOrder,
  key: string,
  rounding: Rounding,
  { input, filter, output, affine }: WinogradAddresses,
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `winograd ${key} ${rounding} ${affine ? 'affine' : ''}`, () => {
    const convolution = winogradConvolution(plan, multiplyAddOf[rounding], affine !== undefined)
    const [transform, run] = compile(
      [transformFilter(forwardProduct(plan), plan.transforms, order), convolution],
      memory,
      'winograd',
    )
    return { transform, run, ...scratchOf(plan) }
  })
  const kernel = scratch(backend, program.bytes)
  program.transform(filter, kernel)
  const { bias, scale } = affine ?? { bias: 0, scale: 0 }
  program.run(input, kernel, output, kernel + program.kernelBytes, batch, bias, scale)
}

/** The gradient for the input by the transposed transforms. */
export function runWinogradInputGradient(
  backend: WasmBackend,
  shape: Convolution,
  plan: WinogradPlan,
  rounding: Rounding,
  at: InputGradientAddresses,
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `winograd input gradient ${rounding} ${shapeKey(shape)}`, () => {
    const functions = [
      transformFilter(inputGradientProduct(plan), plan.transforms, swappedOrder(shape)),
      winogradInputGradient(plan, multiplyAddOf[rounding]),
    ] as const
    const [transform, run] = compile(functions, memory, 'winogradInputGradient')
    return { transform, run, ...scratchOf(plan) }
  })
  const kernel = scratch(backend, program.bytes)
  program.transform(at.filter, kernel)
  program.run(at.error, kernel, at.gradient, kernel + program.kernelBytes, shape.batch)
}

/** The gradient for the filter by the transposed transforms. */
export function runWinogradFilterGradient(
  backend: WasmBackend,
  shape: Convolution,
  plan: WinogradPlan,
  rounding: Rounding,
  at: FilterGradientAddresses,
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `winograd filter gradient ${rounding} ${shapeKey(shape)}`, () => {
    const [run] = compile([winogradFilterGradient(plan, multiplyAddOf[rounding])], memory)
    return { run, ...scratchOf(plan) }
  })
  program.run(at.input, at.error, at.gradient, scratch(backend, program.bytes), shape.batch)
}

function scratchOf(plan: WinogradPlan): { kernelBytes: number; bytes: number } {
  const bytes = winogradBytes(plan)
  return { kernelBytes: bytes.kernel, bytes: Object.values(bytes).reduce((sum, n) => sum + n, 0) }
}
