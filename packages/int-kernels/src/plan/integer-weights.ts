import type { WeightCodes } from '../format/index.js'
import type { Extremes } from '../kernels/choose-kernel.js'

/** The weights of a convolution as signed numbers: code less zero point, -255..255. */
export interface IntegerWeights extends Extremes {
  readonly rows: number
  readonly columns: number
  /** Channels that one filter reads. */
  readonly channels: number
  readonly filters: number
  /** [rows, columns, channels, filters]. */
  readonly values: Int16Array
  /** Of each filter. */
  readonly zeros: Int16Array
  /** Sums over the channels: [rows, columns, filters]. */
  readonly tapSums: Int32Array
  /** Of the sizes of each filter's weights. */
  readonly absoluteSums: Float64Array
}

/** @param shape [rows, columns, channels, filters]: a dense layer's inputs may be read as an image */
export function integerWeights(
  { codes, levels, zeroPoint }: WeightCodes,
  shape: readonly [number, number, number, number],
): IntegerWeights {
  const [rows, columns, channels, filters] = shape
  const zeros = Int16Array.from({ length: filters }, (_, filter) => zeroPoint[filter % zeroPoint.length]!)
  const values = new Int16Array(codes.length)
  const tapSums = new Int32Array(rows * columns * filters)
  const absoluteSums = new Float64Array(filters)
  // A function of its own: engines compile what is called often sooner than what loops for long.
  const addChannel = (at: number, tap: number): void => {
    for (let filter = 0; filter < filters; filter++) {
      const weight = codes[at + filter]! - zeros[filter]!
      values[at + filter] = weight
      tapSums[tap + filter]! += weight
      absoluteSums[filter]! += weight < 0 ? -weight : weight
    }
  }
  let at = 0
  for (let tap = 0; tap < tapSums.length; tap += filters) {
    for (let channel = 0; channel < channels; channel++, at += filters) addChannel(at, tap)
  }
  const smallest = -Math.max(...zeros)
  const largest = levels - 1 - Math.min(...zeros)
  return { rows, columns, channels, filters, values, zeros, tapSums, absoluteSums, smallest, largest }
}
