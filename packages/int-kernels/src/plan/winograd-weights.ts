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
  const sums = transformed(planes(tapSums))
  return transformed(planes(values)).map((values, i) => ({
    positions: channels,
    filters,
    values,
    sums: sums[i]!,
    ...extremesOf(values),
  }))
}

/** The numbers of the 9 taps, each by channel and filter. */
function planes<Integers extends Int16Array | Int32Array>(integers: Integers): Integers[] {
  const size = integers.length / 9
  return Array.from({ length: 9 }, (_, tap) => integers.subarray(tap * size, (tap + 1) * size) as Integers)
}

/** G g Gᵀ of 9 planes: first their rows, then the columns of these. */
function transformed<Integers extends Int16Array | Int32Array>(g: readonly Integers[]): Integers[] {
  const half = [0, 1, 2].map((column) => timesG(g[column]!, g[column + 3]!, g[column + 6]!))
  return [0, 1, 2, 3].flatMap((row) => timesG(half[0]![row]!, half[1]![row]!, half[2]![row]!))
}

/** 2a, a + b + c, a - b + c, 2c */
function timesG<Integers extends Int16Array | Int32Array>(a: Integers, b: Integers, c: Integers): Integers[] {
  const [first, sum, difference, last] = [a.slice(), a.slice(), a.slice(), c.slice()] as Integers[]
  for (let at = 0; at < a.length; at++) {
    const outer = a[at]! + c[at]!
    first![at]! += a[at]!
    sum![at] = outer + b[at]!
    difference![at] = outer - b[at]!
    last![at]! += c[at]!
  }
  return [first!, sum!, difference!, last!]
}

/** At least 0 and at most 0. */
function extremesOf(values: Int16Array): Extremes {
  let smallest = 0
  let largest = 0
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  return { smallest, largest }
}
