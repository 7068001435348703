import { elementsOf } from './limits.js'
import type { CodeRange, Conv2d, Dense, FloatConv2d, FloatDense } from './network.js'
import { expectLevels, refuse } from './value.js'

/**
 * Refuses weights whose numbers do not fit their shape or the codes that they are multiplied with.
 * @throws IntegerNetworkError TENSOR or RANGE
 */
export function checkWeights(node: Conv2d | Dense, range: CodeRange): void {
  const { bias, scale } = node
  const { codes, shape, levels, zeroPoint } = node.weights
  const filters = shape.at(-1)!
  expectLevels(node, levels)
  if (codes.length !== elementsOf(shape)) throw refuse(node, 'TENSOR', `${codes.length} weights for shape [${shape}]`)
  if (bias.length !== filters) throw refuse(node, 'TENSOR', `${bias.length} biases for ${filters} filters`)
  if (scale.length !== 1 && scale.length !== filters) {
    throw refuse(node, 'TENSOR', `${scale.length} scales, expected 1 or ${filters}`)
  }
  if (zeroPoint.length !== 1 && zeroPoint.length !== filters) {
    throw refuse(node, 'TENSOR', `${zeroPoint.length} zero points, expected 1 or ${filters}`)
  }
  if (!scale.every((s) => s > 0 && s < Infinity)) throw refuse(node, 'RANGE', 'a scale is not above 0 and finite')
  if (!zeroPoint.every((z) => z < levels)) {
    throw refuse(node, 'RANGE', `a zero point is not below ${levels}`)
  }
  const largest = Math.max(range.zeroPoint - range.minimum, range.maximum - range.zeroPoint)
  const largestBias = bias.reduce((size, b) => Math.max(size, Math.abs(b)), 0)
  // Few layers come near: most need not be added up to see it.
  if ((codes.length / filters) * (levels - 1) * largest + largestBias <= 0x7fff_ffff) return
  const filter = absoluteSums(node).findIndex((sum, i) => sum * largest + Math.abs(bias[i]!) > 0x7fff_ffff)
  if (filter !== -1) throw refuse(node, 'RANGE', `the sums of filter ${filter} can leave 32 bits`)
}

/** Sums of the sizes of each filter's weights: times the largest code, no sum is beyond them. */
function absoluteSums({ weights: { codes, zeroPoint }, bias }: Conv2d | Dense): Float64Array {
  const sums = new Float64Array(bias.length)
  codes.forEach((code, i) => {
    const filter = i % sums.length
    sums[filter]! += Math.abs(code - zeroPoint[filter % zeroPoint.length]!)
  })
  return sums
}

/**
 * Refuses weights that are no codes.
 * @throws IntegerNetworkError RANGE
 */
export function checkCodes(node: Conv2d | Dense): void {
  const { codes, levels } = node.weights
  const at = codes.findIndex((code) => code >= levels)
  if (at !== -1) throw refuse(node, 'RANGE', `weight ${at} has code ${codes[at]}, expected one below ${levels}`)
}

/**
 * Refuses floats whose number does not fit their shape, or that are not finite.
 * @throws IntegerNetworkError TENSOR or RANGE
 */
export function checkFloats(node: FloatConv2d | FloatDense): void {
  const { shape, weights, bias } = node
  if (weights.length !== elementsOf(shape))
    throw refuse(node, 'TENSOR', `${weights.length} weights for shape [${shape}]`)
  if (bias.length !== shape.at(-1)) throw refuse(node, 'TENSOR', `${bias.length} biases for ${shape.at(-1)} filters`)
  if (!weights.every(Number.isFinite) || !bias.every(Number.isFinite)) {
    throw refuse(node, 'RANGE', 'a weight or bias is not finite')
  }
}
