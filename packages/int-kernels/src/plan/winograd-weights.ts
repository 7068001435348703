import type { Extremes } from '../kernels/choose-kernel.js'
import type { IntegerWeights } from './integer-weights.js'
import type { WeightMatrix } from './pack-weights.js'

/** One of the 16 matrices [channel, filter] that Winograd multiplies with. */
export interface TransformedWeights extends WeightMatrix, Extremes {
  /** Of each filter's weights. */
  readonly sums: Int32Array
}

/** The weights g of a 3x3 convolution as the 16 matrices of G g Gᵀ, with G = [2 0 0; 1 1 1; 1 -1 1; 0 0 2]. */
export function winogradWeights({ values, tapSums, channels, filters }: IntegerWeights): readonly TransformedWeights[] {
  const matrices = Array.from({ length: 16 }, () => new Int16Array(channels * filters))
  const sums = Array.from({ length: 16 }, () => new Int32Array(filters))
  const extremes = transform(values, matrices)
  transform(tapSums, sums)
  return matrices.map((values, i) => ({ positions: channels, filters, values, sums: sums[i]!, ...extremes[i]! }))
}

type Integers = Int16Array | Int32Array

/** Transforms the numbers of 9 planes into those of 16; says how far each of these goes, at least 0. */
function transform(from: Integers, to: readonly Integers[]): readonly Extremes[] {
  const plane = from.length / 9
  const smallest = new Int32Array(16)
  const largest = new Int32Array(16)
  const half = new Int32Array(12)
  for (let at = 0; at < plane; at++) {
    for (let column = 0; column < 3; column++) {
      const a = from[at + column * plane]!
      const b = from[at + (3 + column) * plane]!
      const c = from[at + (6 + column) * plane]!
      half[column] = 2 * a
      half[3 + column] = a + b + c
      half[6 + column] = a - b + c
      half[9 + column] = 2 * c
    }
    for (let i = 0; i < 16; i++) {
      const first = 3 * (i >> 2)
      const a = half[first]!
      const b = half[first + 1]!
      const c = half[first + 2]!
      const column = i & 3
      const value = column === 0 ? 2 * a : column === 3 ? 2 * c : column === 1 ? a + b + c : a - b + c
      to[i]![at] = value
      if (value < smallest[i]!) smallest[i] = value
      if (value > largest[i]!) largest[i] = value
    }
  }
  return to.map((_, i) => ({ smallest: smallest[i]!, largest: largest[i]! }))
}
