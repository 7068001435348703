import { compile } from '@lowbit/wasm-emit'
import { multiplyAddOf, type Rounding } from './arithmetic.js'
import { type Convolution, type ConvShape, shapeKey } from './conv-shape.js'
import { cachedProgram } from './program-cache.js'
import { scratch } from './scratch.js'
import { memoryOf, type WasmBackend } from './wasm-backend.js'
import {
  type KernelOrder,
  kernelFactorBytes,
  transformFilter,
  winogradBytes,
  winogradConvolution,
} from './winograd-convolution.js'
import { winogradFilterGradient, winogradGradientBytes } from './winograd-filter-gradient.js'
import type { WinogradPlan } from './winograd-plan.js'

/** Where the values of a convolution by Winograd's transforms lie; bias and scale both or neither. */
export interface WinogradAddresses {
  readonly input: number
  readonly filter: number
  readonly output: number
  readonly affine?: { readonly bias: number; readonly scale: number }
}

/** A convolution of a batch, or its input gradient where plan and order are the transposed ones. */
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
    const madd = multiplyAddOf[rounding]
    const functions = [transformFilter(plan, order), winogradConvolution(plan, madd, affine !== undefined)] as const
    const [transform, run] = compile(functions, memory, 'winograd')
    const kernelBytes = kernelFactorBytes(plan)
    const { input, output, factors, sums } = winogradBytes(plan)
    return { transform, run, kernelBytes, bytes: kernelBytes + input + output + factors + sums }
  })
  const kernel = scratch(backend, program.bytes)
  program.transform(filter, kernel)
  const { bias, scale } = affine ?? { bias: 0, scale: 0 }
  program.run(input, kernel, output, kernel + program.kernelBytes, batch, bias, scale)
}

/** The order of an HWIO filter's values for the convolution itself. */
export const forwardOrder = ({ columns, inputs, outputs }: ConvShape): KernelOrder => ({
  row: 4 * columns.kernel * inputs * outputs,
  column: 4 * inputs * outputs,
  channel: 4 * outputs,
  output: 4,
  turned: false,
})

/** The same for its input gradient, which sums over outputs and goes through the kernel backwards. */
export const transposedOrder = (shape: ConvShape): KernelOrder => ({
  ...forwardOrder(shape),
  channel: 4,
  output: 4 * shape.outputs,
  turned: true,
})

/** The gradient for the filter of a convolution. */
export function runWinogradFilterGradient(
  backend: WasmBackend,
  shape: Convolution,
  plan: WinogradPlan,
  rounding: Rounding,
  at: { readonly input: number; readonly error: number; readonly gradient: number },
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `winograd filter gradient ${rounding} ${shapeKey(shape)}`, () => {
    const [run] = compile([winogradFilterGradient(plan, multiplyAddOf[rounding])], memory)
    return { run, bytes: winogradGradientBytes(plan) }
  })
  program.run(at.input, at.error, at.gradient, scratch(backend, program.bytes), shape.batch)
}
