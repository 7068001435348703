import { compile } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import type { ConvProgram } from '../convolution/conv-program.js'
import type { Epilogue } from '../convolution/correlation.js'
import { forwardProduct, winogradConvolution } from './convolution.js'
import { type KernelOrder, transformFilter } from './filter.js'
import { winogradFilterGradient } from './filter-gradient.js'
import { inputGradientProduct, winogradInputGradient } from './input-gradient.js'
import { type WinogradPlan, winogradBytes } from './plan.js'
import type { WinogradTransforms } from './transforms.js'

/** A convolution with its epilogue. */
export function winogradProgram(
  plan: WinogradPlan,
  order: KernelOrder,
  epilogue: Epilogue,
  madd: MultiplyAdd,
  memory: WebAssembly.Memory,
): ConvProgram {
  const transformed = transformFilter(forwardProduct(plan), plan.transforms, order, madd)
  const [transform, run] = compile([transformed, winogradConvolution(plan, madd, epilogue)], memory, 'winograd')
  const { kernel } = winogradBytes(plan)
  return {
    scratchBytes: sum(winogradBytes(plan)),
    group: plan.group,
    prepare: (at, scratch) => transform(at.factors, scratch),
    run: (at, scratch, batch) =>
      run(at.images, scratch, at.result, scratch + kernel, batch, at.bias ?? 0, at.scale ?? 0),
  }
}

/** An input gradient by the transposed transforms. */
export function winogradInputGradientProgram(
  plan: WinogradPlan<WinogradTransforms>,
  order: KernelOrder,
  madd: MultiplyAdd,
  memory: WebAssembly.Memory,
): ConvProgram {
  const transformed = transformFilter(inputGradientProduct(plan), plan.transforms, order, madd)
  const [transform, run] = compile([transformed, winogradInputGradient(plan, madd)], memory, 'winogradInputGradient')
  const { kernel } = winogradBytes(plan)
  return {
    scratchBytes: sum(winogradBytes(plan)),
    prepare: (at, scratch) => transform(at.factors, scratch),
    run: (at, scratch, batch) => run(at.images, scratch, at.result, scratch + kernel, batch),
  }
}

/** A filter gradient by the transposed transforms. */
export function winogradFilterGradientProgram(
  plan: WinogradPlan<WinogradTransforms>,
  madd: MultiplyAdd,
  memory: WebAssembly.Memory,
): ConvProgram {
  const [run] = compile([winogradFilterGradient(plan, madd)], memory)
  return {
    scratchBytes: sum(winogradBytes(plan)),
    run: (at, scratch, batch) => run(at.images, at.factors, at.result, scratch, batch),
  }
}

const sum = (bytes: Readonly<Record<string, number>>) => Object.values(bytes).reduce((total, n) => total + n, 0)
