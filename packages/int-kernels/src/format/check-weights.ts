import type { CodeRange, Conv2d, Dense, FloatConv2d, FloatDense, Shape } from './network.js'
import { refuse } from './value.js'

/**
 * Refuses weights whose numbers do not fit their shape or the codes that they are multiplied with.
 * @throws IntegerNetworkError TENSOR or RANGE
 */
export function checkWeights(node: Conv2d | Dense, range: CodeRange): void {
  const { bias, scale } = node
  const { codes, shape, levels, zeroPoint } = node.weights
  const filters = shape.at(-1)!
  if (!Number.isInteger(levels) || levels < 2 || levels > 256) {
    throw refuse(node, 'RANGE', `levels of the weights is ${levels}, expected a whole number from 2 to 256`)
  }
  if (codes.length !== elements(shape)) throw refuse(node, 'TENSOR', `${codes.length} weights for shape [${shape}]`)
  if (bias.length !== filters) throw refuse(node, 'TENSOR', `${bias.length} biases for ${filters} filters`)
  if (scale.length !== 1 && scale.length !== filters) {
    throw refuse(node, 'TENSOR', `${scale.length} scales, expected 1 or ${filters}`)
  }
  if (zeroPoint.length !== 1 && zeroPoint.length !== filters) {
    throw refuse(node, 'TENSOR', `${zeroPoint.length} zero points of the weights, expected 1 or ${filters}`)
  }
  if (!scale.every((s) => s > 0 && s < Infinity)) throw refuse(node, 'RANGE', 'a scale is not above 0 and finite')
  if (!zeroPoint.every((z) => z < levels)) {
    throw refuse(node, 'RANGE', `a zero point of the weights is not below ${levels}`)
  }
  for (let i = 0; i < codes.length; i++) {
    if (codes[i]! >= levels)
      throw refuse(node, 'RANGE', `weight ${i} has code ${codes[i]}, expected one below ${levels}`)
  }
  const filter = largestSums(node, range).findIndex((sum) => sum > 0x7fff_ffff)
  if (filter !== -1) throw refuse(node, 'RANGE', `the sums of filter ${filter} can leave 32 bits`)
}

/** Of each filter, a number that the size of no sum with the bias exceeds, nor that of any part of it, whatever the codes. */
export function largestSums(
  { weights, bias }: Conv2d | Dense,
  { zeroPoint, minimum, maximum }: CodeRange,
): Float64Array {
  const { codes } = weights
  const largest = Math.max(zeroPoint - minimum, maximum - zeroPoint)
  const filters = bias.length
  const zeros = Int16Array.from(bias, (_, filter) => weights.zeroPoint[filter % weights.zeroPoint.length]!)
  const sums = new Float64Array(filters)
  for (let at = 0; at < codes.length; ) {
    for (let filter = 0; filter < filters; filter++, at++) sums[filter]! += Math.abs(codes[at]! - zeros[filter]!)
  }
  return sums.map((sum, filter) => sum * largest + Math.abs(bias[filter]!))
}

/**
 * Refuses floats whose number does not fit their shape, or that are not finite.
 * @throws IntegerNetworkError TENSOR or RANGE
 */
export function checkFloats(node: FloatConv2d | FloatDense): void {
  const { shape, weights, bias } = node
  if (weights.length !== elements(shape)) throw refuse(node, 'TENSOR', `${weights.length} weights for shape [${shape}]`)
  if (bias.length !== shape.at(-1)) throw refuse(node, 'TENSOR', `${bias.length} biases for ${shape.at(-1)} filters`)
  if (!weights.every(Number.isFinite) || !bias.every(Number.isFinite)) {
    throw refuse(node, 'RANGE', 'a weight or bias is not finite')
  }
}

const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1)
