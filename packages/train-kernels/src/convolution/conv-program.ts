import { cachedProgram } from '../tfjs/program-cache.js'
import { scratch } from '../tfjs/scratch.js'
import { memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'
import { type Convolution, shapeKey } from './conv-shape.js'

/** Where the arrays lie that a program goes over. */
export interface ConvAddresses {
  /** Of a convolution and of its filter gradient the input, of its input gradient the errors: the gradient of the output. */
  readonly images: number
  /** Of a convolution and of its input gradient the filter, of its filter gradient the errors. */
  readonly factors: number
  readonly result: number
  /** Only where the program's epilogue has them. */
  readonly bias?: number
  readonly scale?: number
}

/** The compiled kernels of a convolution or of one of its gradients. */
export interface ConvProgram {
  readonly scratchBytes: number
  run(at: ConvAddresses, scratch: number, batch: number): void
}

/** Runs the program of a kind for a shape; `kind` says everything but the shape that the program depends on. */
export function runConvProgram(
  backend: WasmBackend,
  kind: string,
  shape: Convolution,
  at: ConvAddresses,
  make: (memory: WebAssembly.Memory) => ConvProgram,
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `${kind} ${shapeKey(shape)}`, () => make(memory))
  program.run(at, scratch(backend, program.scratchBytes), shape.batch)
}
