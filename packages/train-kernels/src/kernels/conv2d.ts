import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs'
import { isRecorded, multiplyAddOf, type Rounding, truncateOf } from '../arithmetic.js'
import { areAskedFor, noteMade } from '../channels/known-moments.js'
import { forwardPlan } from '../convolution/conv-plan.js'
import { convProgram, runConvProgram, runProgram, runWithMoments } from '../convolution/conv-program.js'
import { type Convolution, convolutionOf } from '../convolution/conv-shape.js'
import { type Epilogue, epilogueKey, noEpilogue } from '../convolution/correlation.js'
import { correlationProgram } from '../convolution/direct-program.js'
import { knownIntegers } from '../known-integers.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate } from '../tfjs/wasm-backend.js'
import { exactTransforms4, isExact4 } from '../winograd/exact-transforms.js'
import { forwardOrder } from '../winograd/filter.js'
import { cheapestInputGradient } from '../winograd/gradient-programs.js'
import { cheapestPlan, isExact2, winogradPlan } from '../winograd/plan.js'
import { winogradProgram } from '../winograd/program.js'
import { transforms2 } from '../winograd/transforms.js'

/** Convolution of x [n, h, w, inputs] with filter [h, w, inputs, outputs]. */
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
    const at = {
      images: addressOf(call.backend, dy),
      factors: addressOf(call.backend, filter),
      result: addressOf(call.backend, dx),
    }
    runConvProgram(call.backend, `input gradient ${path}`, shape, at, (memory) =>
      cheapestInputGradient(shape, multiplyAddOf[path], memory),
    )
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
  const at = {
    images: addressOf(backend, x),
    factors: addressOf(backend, filter),
    result: addressOf(backend, y),
    ...(bias && { bias: addressOf(backend, bias) }),
    ...(scale && { scale: addressOf(backend, scale) }),
  }
  const madd = multiplyAddOf[rounding]
  const tiles = scale ? exactTiles(x, filter, shape) : isRecorded() ? closeTiles : []
  const kind = `conv ${rounding} ${epilogueKey(epilogue)} ${tiles.join()}`
  const program = convProgram(backend, kind, shape, (memory) => {
    const transforms = { 2: transforms2, 4: exactTransforms4(truncateOf[rounding]) }
    const winograd = cheapestPlan(
      shape,
      tiles.map((tile) => winogradPlan(shape, transforms[tile])),
    )
    return winograd
      ? winogradProgram(winograd, forwardOrder(shape), epilogue, madd, memory)
      : correlationProgram(forwardPlan(shape, epilogue), madd, memory)
  })
  if (areAskedFor(program)) noteMade(y, program, runWithMoments(backend, program, shape, at))
  else {
    runProgram(backend, program, shape, at)
    noteMade(y, program, undefined)
  }
  return y
}

/** The tiles by which a convolution of floats comes as close as directly, or closer. */
const closeTiles = [2] as const

/** The tiles by which a convolution has the same bits as directly: its operands are known to be small integers. */
function exactTiles(x: TensorInfo, filter: TensorInfo, { inputs }: Convolution): readonly (2 | 4)[] {
  const [input, weight] = [knownIntegers(x), knownIntegers(filter)]
  if (!input || !weight) return []
  return [
    ...(isExact2(input.largest, weight.largest, inputs) ? [2 as const] : []),
    ...(isExact4(input.span, weight.largest, inputs) ? [4 as const] : []),
  ]
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
