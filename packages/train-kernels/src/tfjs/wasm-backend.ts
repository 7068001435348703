import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs'
import { TrainKernelsError } from '../train-kernels-error.js'

/** What is used of tfjs-backend-wasm 4.22's backend object. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    /** Holds the memory in the single-threaded builds. */
    readonly asm?: { readonly memory?: WebAssembly.Memory }
    /** The shared memory of the threaded build. */
    readonly wasmMemory?: WebAssembly.Memory
    _malloc(bytes: number): number
    _free(address: number): void
  }
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(shape: number[], dtype: DataType, address?: number): TensorInfo
}

const checked = new WeakSet<object>()

/** The backend that a kernel got, if it is tfjs-backend-wasm as this package knows it. */
export function wasmBackend(backend: object): WasmBackend {
  if (checked.has(backend) || isWasmBackend(backend)) {
    checked.add(backend)
    return backend as WasmBackend
  }
  throw new TrainKernelsError(
    'BACKEND',
    'registerTrainingKernels: got a wasm backend without memory, _malloc or dataIdMap, expected that of @tensorflow/tfjs-backend-wasm 4.22',
  )
}

/** tfjs's own memory: the kernels work in it. */
export function memoryOf(backend: WasmBackend): WebAssembly.Memory {
  return backend.wasm.asm?.memory ?? backend.wasm.wasmMemory!
}

/** Where a tensor's values begin, in bytes. */
export function addressOf(backend: WasmBackend, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset
}

/** A tensor's values; the view dies when the memory grows, so take it anew after every allocation. */
export function float32View(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  const size = tensor.shape.reduce((product, n) => product * n, 1)
  return new Float32Array(memoryOf(backend).buffer, addressOf(backend, tensor), size)
}

/** As `float32View`, of integers. */
export function int32View(backend: WasmBackend, tensor: TensorInfo): Int32Array {
  const size = tensor.shape.reduce((product, n) => product * n, 1)
  return new Int32Array(memoryOf(backend).buffer, addressOf(backend, tensor), size)
}

/** A tensor whose values are not yet written, with room for `extra` bytes behind them that live as long as it does. */
export function allocate(backend: WasmBackend, shape: readonly number[], extra = 0): TensorInfo {
  const bytes = 4 * shape.reduce((product, n) => product * n, 1) + extra
  return backend.makeOutput([...shape], 'float32', malloc(backend, bytes))
}

/** Bytes of tfjs's heap, or an error where it is full: the backend itself would go on with address 0. */
export function malloc(backend: WasmBackend, bytes: number): number {
  const address = backend.wasm._malloc(bytes) >>> 0
  if (address === 0 && bytes > 0)
    throw new TrainKernelsError(
      'MEMORY',
      `${bytes} bytes asked of WebAssembly's memory, which ends at 4 GB and is full`,
    )
  return address
}

function isWasmBackend(backend: object): backend is WasmBackend {
  if (!('wasm' in backend && 'dataIdMap' in backend && 'makeOutput' in backend)) return false
  const { wasm } = backend
  if (typeof wasm !== 'object' || wasm === null || !('_malloc' in wasm && '_free' in wasm)) return false
  const exported = 'asm' in wasm && typeof wasm.asm === 'object' && wasm.asm !== null && 'memory' in wasm.asm
  return exported || 'wasmMemory' in wasm
}
