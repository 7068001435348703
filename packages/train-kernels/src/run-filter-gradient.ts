import { compile } from '@lowbit/wasm-emit'
import { multiplyAddOf, type Rounding } from './arithmetic.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { filterGradient, filterGradientBytes, filterGradientPlan } from './filter-gradient.js'
import { cachedProgram } from './program-cache.js'
import { runWinogradFilterGradient } from './run-winograd.js'
import { scratch } from './scratch.js'
import { memoryOf, type WasmBackend } from './wasm-backend.js'
import { cheapestPlan, winogradPlan } from './winograd-plan.js'
import { transforms2, transforms4 } from './winograd-transforms.js'

/** Where the values of a filter gradient lie. */
export interface FilterGradientAddresses {
  readonly input: number
  /** The gradient of the output. */
  readonly error: number
  readonly gradient: number
}

/** Writes the gradient of a convolution for its filter, by Winograd's transforms where they save work. */
export function runFilterGradient(
  backend: WasmBackend,
  shape: Convolution,
  rounding: Rounding,
  at: FilterGradientAddresses,
): void {
  const plans = [transforms2, transforms4].map((transforms) => winogradPlan(shape, transforms))
  const winograd = cheapestPlan(shape, plans)
  if (winograd) runWinogradFilterGradient(backend, shape, winograd, rounding, at)
  else runDirect(backend, shape, rounding, at)
}

function runDirect(backend: WasmBackend, shape: Convolution, rounding: Rounding, at: FilterGradientAddresses): void {
  const memory = memoryOf(backend)
  const program = cachedProgram(memory, `filter gradient ${rounding} ${shapeKey(shape)}`, () => {
    const plan = filterGradientPlan(shape)
    const [run] = compile([filterGradient(plan, multiplyAddOf[rounding])], memory)
    const { image, error, sums } = filterGradientBytes(plan)
    return { run, scratchBytes: image + error + sums }
  })
  const copy = program.scratchBytes > 0 ? scratch(backend, program.scratchBytes) : 0
  program.run(at.input, at.error, at.gradient, copy, shape.batch)
}
