import type { CodeRange, Conv2d, Dense, Padding, Pair, Shape } from '../format/index.js'
import { noPadding, windowedSize } from '../format/window.js'
import type { ConvolutionFacts } from '../kernels/choose-kernel.js'
import { type IntegerWeights, integerWeights } from './integer-weights.js'
import { imageShape } from './layout.js'
import { type TransformedWeights, winogradWeights } from './winograd-weights.js'

/** A convolution or dense layer as kernels see it: a dense layer is a convolution whose one window is the whole image. */
export interface ConvolutionLayer {
  readonly name: string
  readonly weights: IntegerWeights
  /** Of a 3x3 convolution: the 16 matrices that Winograd multiplies with. Made when they are first asked for. */
  transformed(): TransformedWeights
  readonly bias: Int32Array
  readonly scale: Float32Array
  readonly stride: Pair
  readonly padding: Padding
  readonly facts: ConvolutionFacts
  /** What a code of zero is stored as. */
  readonly zero: number
}

/** @param shape of the input, before it was flattened */
export function convolutionLayer(node: Conv2d | Dense, shape: Shape, range: CodeRange): ConvolutionLayer {
  const [height, width, channels] = imageShape(shape)
  const { name, bias, scale } = node
  const [stride, padding, groups] =
    node.operator === 'conv2d' ? [node.stride, node.padding, node.groups] : [[1, 1] as const, noPadding, 1]
  const filters = node.weights.shape.at(-1)!
  const weightShape = node.operator === 'conv2d' ? node.weights.shape : [height, width, channels, filters]
  const weights = integerWeights(node.weights, weightShape as [number, number, number, number])
  const size = [weights.rows, weights.columns] as const
  const [rows, columns] = windowedSize([height, width], size, stride, padding)
  const { zeroPoint, minimum, maximum } = range
  const largestSize = Math.max(zeroPoint - minimum, maximum - zeroPoint)
  let transformedWeights: TransformedWeights | undefined
  const transformed = () => {
    transformedWeights ??= winogradWeights(weights)
    return transformedWeights
  }
  const facts = {
    channels,
    filters,
    groups,
    size,
    stride,
    rows,
    columns,
    largestCode: maximum - minimum,
    weights,
    get transformedWeights() {
      return transformed()
    },
    largestSum: weights.absoluteSums.reduce(
      (largest, sum, filter) => Math.max(largest, sum * largestSize + Math.abs(bias[filter]!)),
      0,
    ),
  }
  return { name, weights, transformed, bias, scale, stride, padding, facts, zero: zeroPoint - minimum }
}

/** The bias that makes up for codes stored less the smallest: modulo 2^32, as the sums are. */
export function correctedBias({ bias, weights, zero }: ConvolutionLayer, filter: number): number {
  let sum = 0
  for (let at = filter; at < weights.tapSums.length; at += weights.filters) sum += weights.tapSums[at]!
  return (bias[filter]! - zero * sum) | 0
}

export const scaleOf = ({ scale }: ConvolutionLayer, filter: number): number => scale[filter % scale.length]!
