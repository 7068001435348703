import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs'
import type { Rounding } from '../arithmetic.js'
import { forwardPlan } from '../conv-plan.js'
import { type Convolution, convolutionOf, shapeKey } from '../conv-shape.js'
import { type Epilogue, noEpilogue } from '../correlation.js'
import { largestInteger } from '../known-integers.js'
import { runConvolution } from '../run-convolution.js'
import { runInputGradient } from '../run-input-gradient.js'
import { runWinograd } from '../run-winograd.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../training-kernel.js'
import { addressOf, allocate } from '../wasm-backend.js'
import { forwardOrder } from '../winograd-filter.js'
import { cheapestPlan, isExact, type WinogradPlan, winogradPlan } from '../winograd-plan.js'
import { transforms2 } from '../winograd-transforms.js'

/** Convolution of training: x [n, h, w, inputs], filter [h, w, inputs, outputs]. */
export const conv2d: TrainingKernel = {
  name: 'Conv2D',
  run: (call, path) => convolve(call, path, noEpilogue),
}

/**
 * (convolution + bias) * scale, where bias and scale are [outputs]: the layer that computes on quantized values. Integers give the
 * same bits on every path while their sums stay below 2^24.
 */
export const lowbitConv2d: TrainingKernel = {
  name: 'LowbitConv2D',
  run: (call, path) => convolve(call, path, { bias: true, scale: true, activation: 'linear' }),
}

/** The gradient for the input: dy [n, h, w, outputs], filter [h, w, inputs, outputs], attribute inputShape. */
export const conv2dInputGradient: TrainingKernel = {
  name: 'Conv2DBackpropInput',
  run(call, path) {
    const dy = input(call, 'dy')
    const filter = input(call, 'filter')
    const inputShape = call.attrs.inputShape as number[]
    if (!isNhwc(call.attrs) || !areFilledFloats(dy, filter)) return undefined
    const shape = convolutionOf(convInfo(call.attrs, inputShape, filter.shape))
    const dx = allocate(call.backend, inputShape)
    if (sizeOf(dx) === 0) return dx
    runInputGradient(call.backend, shape, path, {
      error: addressOf(call.backend, dy),
      filter: addressOf(call.backend, filter),
      gradient: addressOf(call.backend, dx),
    })
    return dx
  },
}

/** The convolution of a call with inputs x, filter and what its epilogue needs; undefined where the layout is not NHWC. */
export function convolve(call: KernelCall, rounding: Rounding, epilogue: Epilogue): TensorInfo | undefined {
  const { backend, attrs } = call
  const x = input(call, 'x')
  const filter = input(call, 'filter')
  const bias = epilogue.bias ? input(call, 'bias') : undefined
  const scale = epilogue.scale ? input(call, 'scale') : undefined
  const vectors = [bias, scale].filter((vector) => vector !== undefined)
  if (!isNhwc(attrs) || !areFilledFloats(x, filter, ...vectors)) return undefined
  const info = convInfo(attrs, x.shape, filter.shape)
  if (vectors.some((vector) => sizeOf(vector) !== info.outChannels)) return undefined
  const y = allocate(backend, info.outShape)
  if (sizeOf(y) === 0) return y
  const shape = convolutionOf(info)
  const at = { input: addressOf(backend, x), filter: addressOf(backend, filter), output: addressOf(backend, y) }
  const affine = bias && scale ? { bias: addressOf(backend, bias), scale: addressOf(backend, scale) } : undefined
  const winograd = affine && exactWinograd(x, filter, shape)
  if (winograd) {
    runWinograd(backend, shape.batch, winograd, forwardOrder(shape), shapeKey(shape), rounding, { ...at, affine })
    return y
  }
  const kind = `conv ${epilogue.bias ? 'bias ' : ''}${epilogue.scale ? 'scale ' : ''}${epilogue.activation}`
  const plan = () => forwardPlan(shape, epilogue)
  const vectorsAt = affine ?? (bias && { bias: addressOf(backend, bias) })
  runConvolution(backend, kind, shape, plan, rounding, { ...at, ...vectorsAt })
  return y
}

/** The plan by which a convolution of known integers has the bits of the direct one, if there is one. */
function exactWinograd(x: TensorInfo, filter: TensorInfo, shape: Convolution): WinogradPlan | undefined {
  const [input, weight] = [largestInteger(x), largestInteger(filter)]
  const exact = input !== undefined && weight !== undefined && isExact(input, weight, shape.inputs)
  return exact ? cheapestPlan(shape, [winogradPlan(shape, transforms2)]) : undefined
}

export const isNhwc = ({ dataFormat = 'NHWC' }: NamedAttrMap) => dataFormat === 'NHWC'

/** tfjs's own reading of a convolution's attributes. */
export function convInfo(attrs: NamedAttrMap, inputShape: readonly number[], filterShape: readonly number[]) {
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides as number | [number, number],
    (attrs.dilations ?? 1) as number | [number, number],
    attrs.pad as 'valid' | 'same' | number,
    attrs.dimRoundingMode as 'floor' | 'round' | 'ceil',
  )
}
