import type { Rounding } from './arithmetic.js'
import { inputGradientPlan } from './conv-plan.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { runConvolution } from './run-convolution.js'
import { runWinograd, transposedOrder } from './run-winograd.js'
import type { WasmBackend } from './wasm-backend.js'
import { transposedShape, winogradPlan } from './winograd-plan.js'

/** Where the values of an input gradient lie. */
export interface InputGradientAddresses {
  /** The gradient of the output. */
  readonly error: number
  readonly filter: number
  readonly gradient: number
}

/** Writes the gradient of a convolution for its input, by Winograd's transforms where they save work. */
export function runInputGradient(
  backend: WasmBackend,
  shape: Convolution,
  rounding: Rounding,
  { error, filter, gradient }: InputGradientAddresses,
): void {
  const at = { input: error, filter, output: gradient }
  const winograd = winogradPlan(transposedShape(shape))
  if (winograd)
    runWinograd(
      backend,
      shape.batch,
      winograd,
      transposedOrder(shape),
      `input gradient ${shapeKey(shape)}`,
      rounding,
      at,
    )
  else runConvolution(backend, 'input gradient', shape, inputGradientPlan, rounding, at)
}
