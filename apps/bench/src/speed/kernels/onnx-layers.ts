import { type Constant, encodeModel, type Graph } from '@lowbit/models/onnx'
import { scatteredValue } from '../scattered-value.js'

/** A convolution of one image, with half a window of padding on each side. */
export interface ConvolutionShape {
  /** Of the image. */
  readonly side: number
  readonly channels: number
  readonly filters: number
  /** Of the window; odd. */
  readonly size: number
  readonly stride: number
}

/** Pixels that stand before the image. */
export const paddingOf = ({ size }: ConvolutionShape): number => (size - 1) / 2

/** Of the output. */
export const outputSide = ({ side, stride }: ConvolutionShape): number => Math.ceil(side / stride)

/** [rows, depth] x [depth, columns] */
export interface ProductShape {
  readonly rows: number
  readonly depth: number
  readonly columns: number
}

export function floatConvolution(shape: ConvolutionShape): Uint8Array {
  const { from, to, weights, window } = layerOf(shape)
  const w: Constant = { name: 'w', shape: weights, data: floats(elements(weights)) }
  return oneCall('Conv', 'Float32Array', from, to, ['x', w], window)
}

/** Of unsigned codes with signed weights, as onnxruntime's own quantizer makes them: what it is fastest with. */
export function byteConvolution(shape: ConvolutionShape): Uint8Array {
  const { from, to, weights, window } = layerOf(shape)
  const w: Constant = { name: 'w', shape: weights, data: bytes(elements(weights)) }
  return oneCall('QLinearConv', 'Uint8Array', from, to, quantizedOperands(w), window)
}

function layerOf(shape: ConvolutionShape) {
  const { side, channels, filters, size, stride } = shape
  const [padding, output] = [paddingOf(shape), outputSide(shape)]
  return {
    from: [1, channels, side, side],
    to: [1, filters, output, output],
    weights: [filters, channels, size, size],
    window: {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    },
  }
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

export function floatProduct({ rows, depth, columns }: ProductShape): Uint8Array {
  const weights: Constant = { name: 'w', shape: [depth, columns], data: floats(depth * columns) }
  return oneCall('MatMul', 'Float32Array', [rows, depth], [rows, columns], ['x', weights])
}

export function byteProduct({ rows, depth, columns }: ProductShape): Uint8Array {
  const weights: Constant = { name: 'w', shape: [depth, columns], data: bytes(depth * columns) }
  return oneCall('QLinearMatMul', 'Uint8Array', [rows, depth], [rows, columns], quantizedOperands(weights))
}

function oneCall(
  opType: string,
  elements: 'Float32Array' | 'Uint8Array',
  from: readonly number[],
  to: readonly number[],
  inputs: Graph['calls'][number]['inputs'],
  attributes: Graph['calls'][number]['attributes'] = {},
): Uint8Array {
  return encodeModel({
    name: opType,
    input: { name: 'x', elements, shape: from },
    calls: [{ opType, inputs, output: 'y', attributes }],
    output: { name: 'y', elements, shape: to },
  })
}

/** Input, weights and output, each with scale and zero point. */
function quantizedOperands(weights: Constant): (string | Constant)[] {
  const scale = (name: string): Constant => ({ name, shape: [], data: Float32Array.of(0.01) })
  const code = (name: string): Constant => ({ name, shape: [], data: Uint8Array.of(0) })
  const signed: Constant = { name: 'wz', shape: [], data: Int8Array.of(0) }
  return ['x', scale('xs'), code('xz'), weights, scale('ws'), signed, scale('ys'), code('yz')]
}

const floats = (count: number) => Float32Array.from({ length: count }, (_, i) => scatteredValue(i) - 0.5)
const bytes = (count: number) => Int8Array.from({ length: count }, (_, i) => Math.floor(scatteredValue(i) * 255) - 127)
