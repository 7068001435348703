import { compile } from '@lowbit/wasm-emit'
import { multiplyAddOf, type Rounding } from './arithmetic.js'
import type { ConvPlan } from './conv-plan.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { copyBytes, correlateImages } from './correlate-images.js'
import { packedBytes, packFilter } from './packed-filter.js'
import { cachedProgram } from './program-cache.js'
import { scratch } from './scratch.js'
import { memoryOf, type WasmBackend } from './wasm-backend.js'

/** Where a convolution's values lie; bias and scale only where its epilogue has them. */
export interface ConvAddresses {
  readonly input: number
  readonly filter: number
  readonly output: number
  readonly bias?: number
  readonly scale?: number
}

/** Packs the filter and correlates image by image. `kind`, the shape and the rounding name the plan in the cache. */
export function runConvolution(
  backend: WasmBackend,
  kind: string,
  shape: Convolution,
  plan: (shape: Convolution) => ConvPlan,
  rounding: Rounding,
  at: ConvAddresses,
): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `${kind} ${rounding} ${shapeKey(shape)}`, () =>
    convolutionProgram(plan(shape), rounding, memory),
  )
  const packed = scratch(backend, program.packedBytes + program.copyBytes)
  program.pack(at.filter, at.bias ?? 0, at.scale ?? 0, packed)
  program.run(at.input, packed, at.output, packed + program.packedBytes, shape.batch)
}

function convolutionProgram(
  { packings, correlations, epilogue }: ConvPlan,
  rounding: Rounding,
  memory: WebAssembly.Memory,
) {
  const [pack, run] = compile(
    [packFilter(packings), correlateImages(correlations, multiplyAddOf[rounding], epilogue)],
    memory,
    correlations.name,
  )
  return {
    pack,
    run,
    packedBytes: packings.reduce((sum, packing) => sum + packedBytes(packing), 0),
    copyBytes: copyBytes(correlations),
  }
}
