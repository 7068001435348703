import { compile } from '@lowbit/wasm-emit'
import { backend_util, type TensorInfo } from '@tensorflow/tfjs'
import { multiplyAddOf, type SimdPath } from '../arithmetic.js'
import { axesOf, shapeKey } from '../convolution/conv-shape.js'
import {
  type DepthwiseShape,
  depthwiseCopyBytes,
  depthwiseFilterGradient as filterGradient,
  depthwiseInputGradient as inputGradient,
} from '../convolution/depthwise-gradients.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { scratch } from '../tfjs/scratch.js'
import { areFilledFloats, input, type KernelCall, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf } from '../tfjs/wasm-backend.js'

/** Gradient for the filter of a depthwise convolution: x [n, h, w, c], dy [n, h, w, c * m], attribute filterShape [h, w, c, m]. */
export const depthwiseFilterGradient: TrainingKernel = {
  name: 'DepthwiseConv2dNativeBackpropFilter',
  run(call, path) {
    const x = input(call, 'x')
    const shape = call.attrs.filterShape as number[]
    return gradient(call, path, 'filter', x, input(call, 'dy'), x.shape, shape, shape)
  },
}

/** Gradient for its input: dy [n, h, w, c * m], filter [h, w, c, m], attribute inputShape. */
export const depthwiseInputGradient: TrainingKernel = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  run(call, path) {
    const filter = input(call, 'filter')
    const shape = call.attrs.inputShape as number[]
    return gradient(call, path, 'input', filter, input(call, 'dy'), shape, filter.shape, shape)
  },
}

function gradient(
  { backend, attrs }: KernelCall,
  path: SimdPath,
  of: 'filter' | 'input',
  other: TensorInfo,
  dy: TensorInfo,
  inputShape: readonly number[],
  filterShape: readonly number[],
  resultShape: readonly number[],
): TensorInfo | undefined {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides as [number, number] | number,
    (attrs.dilations ?? 1) as [number, number] | number,
    attrs.pad as 'valid' | 'same' | number,
    attrs.dimRoundingMode as 'floor' | 'round' | 'ceil',
    true,
  )
  if (!areFilledFloats(other, dy)) return undefined
  const result = allocate(backend, resultShape)
  if (sizeOf(result) === 0) return result
  const shape: DepthwiseShape = {
    ...axesOf(info),
    channels: info.inChannels,
    multiplier: info.outChannels / info.inChannels,
  }
  const memory = memoryOf(backend)
  const key = shapeKey({ ...shape, inputs: shape.channels, outputs: shape.multiplier })
  const { run, copyBytes } = cachedProgram(memory, `depthwise ${of} gradient ${path} ${key}`, () => {
    const write = of === 'filter' ? filterGradient : inputGradient
    const [kernel] = compile([write(shape, multiplyAddOf[path])], memory)
    return { run: kernel, copyBytes: depthwiseCopyBytes(shape) }
  })
  const copy = copyBytes > 0 ? scratch(backend, copyBytes) : 0
  run(addressOf(backend, other), addressOf(backend, dy), addressOf(backend, result), copy, info.batchSize)
  return result
}
