import type { Rounding } from './arithmetic.js'
import { inputGradientPlan } from './conv-plan.js'
import { type Convolution, shapeKey } from './conv-shape.js'
import { runConvolution } from './run-convolution.js'
import { runWinograd, runWinogradInputGradient } from './run-winograd.js'
import type { WasmBackend } from './wasm-backend.js'
import { turnedOrder } from './winograd-filter.js'
import { transposedShape, type WinogradPlan, winogradPlan } from './winograd-plan.js'

/** Where the values of an input gradient lie. */
export interface InputGradientAddresses {
  /** The gradient of the output. */
  readonly error: number
  readonly filter: number
  readonly gradient: number
}

/** How much more the transposed transforms cost a tile than those of a convolution. */
const costOfTransposed = 1.25

/** Writes the gradient of a convolution for its input, by Winograd's transforms where they save work. */
export function runInputGradient(
  backend: WasmBackend,
  shape: Convolution,
  rounding: Rounding,
  at: InputGradientAddresses,
): void {
  const turned = winogradPlan(transposedShape(shape))
  const transposed = winogradPlan(shape)
  const asConvolution = { input: at.error, filter: at.filter, output: at.gradient }
  if (transposed && costOfTransposed * tilesOfImage(transposed) < tilesOfImage(turned))
    runWinogradInputGradient(backend, shape, transposed, rounding, at)
  else if (turned)
    runWinograd(backend, shape.batch, turned, turnedOrder(shape), `turned ${shapeKey(shape)}`, rounding, asConvolution)
  else runConvolution(backend, 'input gradient', shape, inputGradientPlan, rounding, asConvolution)
}

const tilesOfImage = (plan: WinogradPlan | undefined) =>
  plan ? plan.tileRows * plan.tileColumns : Number.POSITIVE_INFINITY
