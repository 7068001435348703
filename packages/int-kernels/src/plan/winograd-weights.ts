import type { IntegerWeights } from './integer-weights.js'
import type { WeightMatrix } from './pack-weights.js'

/** The weights g of a 3x3 convolution as 16 matrices [channel, filter]: G g Gᵀ with G = [2 0 0; 1 1 1; 1 -1 1; 0 0 2]. */
export function winogradWeights({ values, channels, filters }: IntegerWeights): readonly WeightMatrix[] {
  const matrices = Array.from({ length: 16 }, () => new Int16Array(channels * filters))
  const plane = channels * filters
  const half = new Int16Array(12)
  for (let at = 0; at < plane; at++) {
    for (let column = 0; column < 3; column++) {
      const a = values[at + column * plane]!
      const b = values[at + (3 + column) * plane]!
      const c = values[at + (6 + column) * plane]!
      half[column] = 2 * a
      half[3 + column] = a + b + c
      half[6 + column] = a - b + c
      half[9 + column] = 2 * c
    }
    for (let row = 0; row < 4; row++) {
      const a = half[3 * row]!
      const b = half[3 * row + 1]!
      const c = half[3 * row + 2]!
      matrices[4 * row]![at] = 2 * a
      matrices[4 * row + 1]![at] = a + b + c
      matrices[4 * row + 2]![at] = a - b + c
      matrices[4 * row + 3]![at] = 2 * c
    }
  }
  return matrices.map((values) => ({ positions: channels, filters, values }))
}
