import type { Rounding } from './arithmetic.js'
import { inputGradientPlan } from './conv-plan.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { runConvolution } from './run-convolution.js'
import { runWinograd, runWinogradInputGradient } from './run-winograd.js'
import type { WasmBackend } from './wasm-backend.js'
import { turnedOrder } from './winograd-filter.js'
import { cheapestPlan, transposedShape, winogradCycles, winogradPlan } from './winograd-plan.js'
import { transforms2, transforms4 } from './winograd-transforms.js'

/** Where the values of an input gradient lie. */
export interface InputGradientAddresses {
  /** The gradient of the output. */
  readonly error: number
  readonly filter: number
  readonly gradient: number
}

/** How much more the transposed transforms cost than those of a convolution. */
const costOfTransposed = 1.15

/** Writes the gradient of a convolution for its input, by Winograd's transforms where they save work. */
export function runInputGradient(
  backend: WasmBackend,
  shape: Convolution,
  rounding: Rounding,
  at: InputGradientAddresses,
): void {
  const asConvolution = { input: at.error, filter: at.filter, output: at.gradient }
  const errors = transposedShape(shape)
  const both = [transforms2, transforms4]
  const turned = cheapestPlan(
    errors,
    both.map((transforms) => winogradPlan(errors, transforms)),
  )
  const transposed = cheapestPlan(
    shape,
    both.map((transforms) => winogradPlan(shape, transforms)),
  )
  if (transposed && !(turned && winogradCycles(turned) <= costOfTransposed * winogradCycles(transposed)))
    runWinogradInputGradient(backend, shape, transposed, rounding, at)
  else if (turned)
    runWinograd(backend, shape.batch, turned, turnedOrder(shape), `turned ${shapeKey(shape)}`, rounding, asConvolution)
  else runConvolution(backend, 'input gradient', shape, inputGradientPlan, rounding, asConvolution)
}
