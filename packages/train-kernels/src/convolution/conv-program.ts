import { gatherMoments, type Moments, momentsBytes } from '../channels/batch-norm.js'
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
  /** Images that it takes together; one where absent. */
  readonly group?: number
  /** Does what is done once for all images. */
  prepare?(at: ConvAddresses, scratch: number): void
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
  runProgram(backend, convProgram(backend, kind, shape, make), shape, at)
}

/** Runs a program. */
export function runProgram(
  backend: WasmBackend,
  program: ConvProgram,
  { batch }: Convolution,
  at: ConvAddresses,
): void {
  const area = scratch(backend, program.scratchBytes)
  program.prepare?.(at, area)
  program.run(at, area, batch)
}

/** The program of a kind for a shape. */
export function convProgram(
  backend: WasmBackend,
  kind: string,
  shape: Convolution,
  make: (memory: WebAssembly.Memory) => ConvProgram,
): ConvProgram {
  const memory = memoryOf(backend)
  return cachedProgram(memory, `${kind} ${shapeKey(shape)}`, () => make(memory))
}

/** Bytes of outputs that stay in the second-level cache until their moments are taken. */
const momentsBlock = 1 << 18

/** Runs a convolution some images at a time and gathers the moments of its output's channels after each. */
export function runWithMoments(
  backend: WasmBackend,
  program: ConvProgram,
  { rows, columns, inputs, outputs, batch }: Convolution,
  at: ConvAddresses,
): Moments {
  const programBytes = 16 * Math.ceil(program.scratchBytes / 16)
  const area = scratch(backend, programBytes + momentsBytes(outputs))
  const pixels = rows.output * columns.output
  const ofResult = { x: at.result, pixels: batch * pixels, channels: outputs }
  const gathering = gatherMoments(memoryOf(backend), ofResult, (area + programBytes) >>> 0)
  program.prepare?.(at, area)
  const { group = 1 } = program
  const block = group * Math.max(1, Math.round(momentsBlock / (4 * outputs * pixels * group)))
  for (let from = 0; from < batch; from += block) {
    const images = Math.min(block, batch - from)
    const offset = { images: 4 * from * rows.input * columns.input * inputs, result: 4 * from * pixels * outputs }
    program.run({ ...at, images: at.images + offset.images, result: at.result + offset.result }, area, images)
    gathering.take((from + images) * pixels)
  }
  return gathering.finish()
}
