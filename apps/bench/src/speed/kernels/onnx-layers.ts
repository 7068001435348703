import { type Constant, encodeModel, type Graph } from '@lowbit/models/onnx'

/** A 3x3 convolution with one pixel of padding, channels as many as filters, on one image. */
export interface ConvolutionShape {
  readonly side: number
  readonly channels: number
}

/** [rows, depth] x [depth, columns] */
export interface ProductShape {
  readonly rows: number
  readonly depth: number
  readonly columns: number
}

const WINDOW = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }

export function floatConvolution({ side, channels }: ConvolutionShape): Uint8Array {
  const image = [1, channels, side, side]
  const weights: Constant = { name: 'w', shape: [channels, channels, 3, 3], data: floats(9 * channels * channels) }
  return oneCall('Conv', 'Float32Array', image, image, ['x', weights], WINDOW)
}

/** Of unsigned codes with signed weights, as onnxruntime's own quantizer makes them: what it is fastest with. */
export function byteConvolution({ side, channels }: ConvolutionShape): Uint8Array {
  const image = [1, channels, side, side]
  const weights: Constant = { name: 'w', shape: [channels, channels, 3, 3], data: bytes(9 * channels * channels) }
  return oneCall('QLinearConv', 'Uint8Array', image, image, quantizedOperands(weights), WINDOW)
}

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

/** Numbers without a pattern that a processor could learn. */
const floats = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * 0.618034) % 1) - 0.5)
const bytes = (count: number) =>
  Int8Array.from({ length: count }, (_, i) => Math.floor(((i * 0.618034) % 1) * 255) - 127)
