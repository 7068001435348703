import { type ConvolutionShape, outputSide, type ProductShape } from '../kernels/onnx-layers.js'
import { scatteredValue } from '../scattered-value.js'
import { encodeTflite, PADDING, type TfliteCall, type TfliteQuantization, type TfliteTensor } from './tflite-model.js'

/** What `onnx-layers.ts` makes, for TensorFlow Lite, whose padding stands behind the image first. */
export function tfliteConvolution(shape: ConvolutionShape, type: Elements): Uint8Array<ArrayBuffer> {
  const { side, channels, filters, size, stride } = shape
  const output = outputSide(shape)
  const [from, to] = [
    [1, side, side, channels],
    [1, output, output, filters],
  ]
  return layer({ from: from!, to: to!, weights: [filters, size, size, channels], stride }, type)
}

/** Rows are the pixels of a convolution of 1 x 1, which is faster there than a fully connected layer. */
export function tfliteProduct({ rows, depth, columns }: ProductShape, type: Elements): Uint8Array<ArrayBuffer> {
  return layer(
    { from: [1, rows, 1, depth], to: [1, rows, 1, columns], weights: [columns, 1, 1, depth], stride: 1 },
    type,
  )
}

type Elements = 'float32' | 'int8'

interface Shapes {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly weights: readonly number[]
  readonly stride: number
}

/** LiteRT.js hands no int8 in or out: around an int8 layer stand conversions from and to uint8, which move codes by 128. */
function layer({ from, to, weights, stride }: Shapes, type: Elements) {
  const strides = { strideWidth: stride, strideHeight: stride }
  const options = { padding: PADDING.same, ...strides, dilationWidth: 1, dilationHeight: 1 }
  const filters = weights[0]!
  const signed: TfliteQuantization = { scale: [0.01], zeroPoint: [0] }
  const ofFilters = (scale: number): TfliteQuantization => ({
    ...{ scale: Array(filters).fill(scale), zeroPoint: Array(filters).fill(0) },
    axis: 0,
  })
  const count = weights.reduce((product, size) => product * size, 1)
  const values = Float32Array.from({ length: count }, (_, i) => scatteredValue(i) - 0.5)
  const quantized = type === 'int8'
  const value = (name: string, shape: readonly number[]): TfliteTensor => ({
    ...{ name, shape, type },
    ...(quantized && { quantization: signed }),
  })
  const constants: TfliteTensor[] = quantized
    ? [
        {
          ...{ name: 'w', shape: weights, type, quantization: ofFilters(0.01) },
          data: Int8Array.from(values, (weight) => Math.round(weight * 254)),
        },
        { name: 'b', shape: [filters], type: 'int32', data: new Int32Array(filters), quantization: ofFilters(0.0001) },
      ]
    : [
        { name: 'w', shape: weights, type, data: values },
        { name: 'b', shape: [filters], type, data: new Float32Array(filters) },
      ]
  const inner: TfliteCall = { operator: 'conv2d', options, inputs: ['x', 'w', 'b'], output: 'y' }
  const tensors = [value('x', from), ...constants, value('y', to)]
  if (!quantized) return encodeTflite({ tensors, calls: [inner], input: 'x', output: 'y' })
  const unsigned: TfliteQuantization = { scale: [0.01], zeroPoint: [128] }
  return encodeTflite({
    tensors: [
      ...tensors,
      { name: 'x bytes', shape: from, type: 'uint8', quantization: unsigned },
      { name: 'y bytes', shape: to, type: 'uint8', quantization: unsigned },
    ],
    calls: [
      { operator: 'quantize', inputs: ['x bytes'], output: 'x' },
      inner,
      { operator: 'quantize', inputs: ['y'], output: 'y bytes' },
    ],
    input: 'x bytes',
    output: 'y bytes',
  })
}
