import type { Attribute, KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs'
import type { SimdPath } from '../arithmetic.js'
import { TrainKernelsError } from '../train-kernels-error.js'
import { type WasmBackend, wasmBackend } from './wasm-backend.js'

/** What a kernel is asked to do. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap
  readonly attrs: NamedAttrMap
  readonly backend: WasmBackend
}

/** A kernel of tfjs by its name, for the wasm backend. */
export interface TrainingKernel {
  readonly name: string
  /** The result, or undefined for a case that the kernel leaves to the one that was registered before it. */
  readonly run: (call: KernelCall, path: SimdPath) => TensorInfo | TensorInfo[] | undefined
}

/** The function that tfjs calls: the kernel's, and where that declines the one registered before. */
export function kernelFunction(
  { name, run }: TrainingKernel,
  path: SimdPath,
  before: KernelFunc | undefined,
): KernelFunc {
  return (parameters) => {
    const { inputs, attrs = {}, backend } = parameters
    const result = run({ inputs, attrs, backend: wasmBackend(backend) }, path) ?? before?.(parameters)
    if (result) return result
    const shapes = Object.entries(inputs).map(([key, tensor]) => `${key} ${tensor?.dtype} [${tensor?.shape}]`)
    throw new TrainKernelsError(
      'ARGUMENT',
      `${name}: got ${shapes.join(', ')} with ${JSON.stringify(attrs)}, expected float32 tensors in a layout that the wasm backend has`,
    )
  }
}

/** An input that must be there. */
export function input(call: KernelCall, name: string): TensorInfo {
  const tensor = call.inputs[name]
  if (tensor) return tensor
  throw new TrainKernelsError('ARGUMENT', `got inputs ${Object.keys(call.inputs).join(', ')}, expected ${name}`)
}

/** An attribute that must be a number. */
export function numberAttribute(call: KernelCall, name: string): number {
  const value = call.attrs[name]
  if (typeof value === 'number') return value
  throw new TrainKernelsError('ARGUMENT', `attribute ${name}: got ${show(value)}, expected a number`)
}

const show = (value: Attribute | undefined) => JSON.stringify(value)

export const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, n) => product * n, 1)

/** Whether all are float32 and have values. */
export const areFilledFloats = (...tensors: readonly TensorInfo[]) =>
  tensors.every((tensor) => tensor.dtype === 'float32' && sizeOf(tensor) > 0)
