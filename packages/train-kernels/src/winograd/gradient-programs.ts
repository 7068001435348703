import type { MultiplyAdd } from '../arithmetic.js'
import { inputGradientPlan } from '../convolution/conv-plan.js'
import type { ConvProgram } from '../convolution/conv-program.js'
import type { ConvShape } from '../convolution/conv-shape.js'
import { noEpilogue } from '../convolution/correlation.js'
import { correlationProgram, filterGradientProgram } from '../convolution/direct-program.js'
import { swappedOrder, turnedOrder } from './filter.js'
import { cheapestPlan, transposedShape, type WinogradPlan, winogradCycles, winogradPlan } from './plan.js'
import { winogradFilterGradientProgram, winogradInputGradientProgram, winogradProgram } from './program.js'
import { transforms2, transforms4, type WinogradTransforms } from './transforms.js'

/** How much more the transposed transforms cost than those of a convolution. */
const costOfTransposed = 1.15

/** The gradient of a convolution for its input, by Winograd's transforms where they save work. */
export function cheapestInputGradient(shape: ConvShape, madd: MultiplyAdd, memory: WebAssembly.Memory): ConvProgram {
  const errors = transposedShape(shape)
  const [turned, transposed] = [winogradFor(errors), winogradFor(shape)]
  if (transposed && !(turned && winogradCycles(turned) <= costOfTransposed * winogradCycles(transposed)))
    return winogradInputGradientProgram(transposed, swappedOrder(shape), madd, memory)
  if (turned) return winogradProgram(turned, turnedOrder(shape), noEpilogue, madd, memory)
  return correlationProgram(inputGradientPlan(shape), madd, memory)
}

/** The gradient of a convolution for its filter, by Winograd's transforms where they save work. */
export function cheapestFilterGradient(shape: ConvShape, madd: MultiplyAdd, memory: WebAssembly.Memory): ConvProgram {
  const winograd = winogradFor(shape)
  return winograd ? winogradFilterGradientProgram(winograd, madd, memory) : filterGradientProgram(shape, madd, memory)
}

const winogradFor = (shape: ConvShape): WinogradPlan<WinogradTransforms> | undefined =>
  cheapestPlan(shape, [winogradPlan(shape, transforms2), winogradPlan(shape, transforms4)])
