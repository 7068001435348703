import { isChannelRange, rangeOfChannel } from '../src/range.js'
import { QuantizedConv2D, type QuantizedLayer } from '../src/tfjs/index.js'

/** Images, NHWC; what a dense layer reads is 1 x 1. */
export interface Images {
  readonly data: Float32Array
  readonly shape: readonly [images: number, height: number, width: number, channels: number]
}

/**
 * What a fully quantized layer gives, computed as an integer runtime would: codes as integers, integer sums, one f32
 * product by the combined scale at the end. Written from the definition, without tfjs.
 */
export function integerForward(layer: QuantizedLayer, input: Images): Images {
  const conv = layer instanceof QuantizedConv2D
  const [images, height, width, channels] = conv ? input.shape : flat(input.shape)
  const [kernelHeight, kernelWidth] = conv ? (layer.kernel.shape as number[]) : [1, 1]
  const { padding, strides } = conv ? layer.geometry : { padding: 'valid', strides: [1, 1] as const }
  const [rows, above] = positions(height, kernelHeight!, strides[0], padding)
  const [columns, left] = positions(width, kernelWidth!, strides[1], padding)
  const { filters } = layer
  const codes = inputCodes(layer, input.data)
  const kernel = kernelCodes(layer)
  const output = new Float32Array(images * rows * columns * filters)
  let at = 0
  for (let n = 0; n < images; n++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let filter = 0; filter < filters; filter++) {
          const combined = combinedScaleOf(layer, filter)
          let sum = biasCode(layer, filter, combined)
          for (let ky = 0; ky < kernelHeight!; ky++) {
            for (let kx = 0; kx < kernelWidth!; kx++) {
              const y = row * strides[0] + ky - above
              const x = column * strides[1] + kx - left
              if (y < 0 || y >= height || x < 0 || x >= width) continue
              for (let c = 0; c < channels; c++) {
                const a = codes[((n * height + y) * width + x) * channels + c]!
                sum += a * kernel[((ky * kernelWidth! + kx) * channels + c) * filters + filter]!
              }
            }
          }
          output[at++] = Math.fround(sum * combined)
        }
      }
    }
  }
  return { data: output, shape: [images, rows, columns, filters] }
}

/** The largest size of a sum that f32 would have to hold exactly, over all filters: below 2^24 the bits must agree. */
export function largestAccumulator(layer: QuantizedLayer): number {
  const kernel = kernelCodes(layer)
  const { levels, zeroPoint } = layer.inputRange!
  const largestInput = Math.max(zeroPoint, levels - 1 - zeroPoint)
  const sums = Array.from({ length: layer.filters }, (_, filter) =>
    Math.abs(biasCode(layer, filter, combinedScaleOf(layer, filter))),
  )
  kernel.forEach((w, i) => {
    sums[i % layer.filters]! += Math.abs(w) * largestInput
  })
  return Math.max(...sums)
}

function inputCodes(layer: QuantizedLayer, values: Float32Array): Int32Array {
  const { scale, zeroPoint, levels } = layer.inputRange!
  const { minimum = -Infinity, maximum = Infinity } = layer.inputActivation ?? {}
  const inverse = Math.fround(1 / scale)
  return Int32Array.from(values, (value) => {
    const activated = Math.min(Math.max(value, minimum), maximum)
    const code = halfEven(Math.fround(activated * inverse)) + zeroPoint
    return Math.min(Math.max(code, 0), levels - 1) - zeroPoint
  })
}

function kernelCodes(layer: QuantizedLayer): Int32Array {
  return Int32Array.from(layer.kernel.read().dataSync<'float32'>(), (w, i) => {
    const { scale, zeroPoint, levels } = rangeOfChannel(layer.weightRange!, i % layer.filters)
    const code = halfEven(Math.fround(w * Math.fround(1 / scale))) + zeroPoint
    return Math.min(Math.max(code, 0), levels - 1) - zeroPoint
  })
}

function biasCode(layer: QuantizedLayer, filter: number, combined: number): number {
  const bias = layer.bias?.read().dataSync<'float32'>()[filter] ?? 0
  return halfEven(Math.fround(bias * Math.fround(1 / combined)))
}

function combinedScaleOf(layer: QuantizedLayer, filter: number): number {
  const range = layer.weightRange!
  const weightScale = isChannelRange(range) ? range.scale[filter]! : range.scale
  return Math.fround(layer.inputRange!.scale * weightScale)
}

/** How many places a kernel has along one axis, and how many zeros stand before the first pixel. */
function positions(size: number, kernel: number, stride: number, padding: string): [count: number, before: number] {
  if (padding === 'valid') return [Math.floor((size - kernel) / stride) + 1, 0]
  const count = Math.ceil(size / stride)
  return [count, Math.floor(Math.max(0, (count - 1) * stride + kernel - size) / 2)]
}

function flat([images, height, width, channels]: Images['shape']): Images['shape'] {
  return [images, 1, 1, height * width * channels]
}

function halfEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}
