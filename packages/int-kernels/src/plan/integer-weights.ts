import type { WeightCodes } from '../format/index.js'

/** The weights of a convolution as signed numbers: code less zero point, -255..255. */
export interface IntegerWeights {
  readonly rows: number
  readonly columns: number
  /** Channels that one filter reads. */
  readonly channels: number
  readonly filters: number
  /** [rows, columns, channels, filters]. */
  readonly values: Int16Array
  /** Of each filter's weights. */
  readonly sums: Float64Array
}

/** @param shape [rows, columns, channels, filters]: a dense layer's inputs may be read as an image */
export function integerWeights(
  { codes, zeroPoint }: WeightCodes,
  shape: readonly [number, number, number, number],
): IntegerWeights {
  const [rows, columns, channels, filters] = shape
  const zeros = Int16Array.from({ length: filters }, (_, filter) => zeroPoint[filter % zeroPoint.length]!)
  const values = new Int16Array(codes.length)
  const sums = new Float64Array(filters)
  for (let at = 0; at < codes.length; ) {
    for (let filter = 0; filter < filters; filter++, at++) {
      const weight = codes[at]! - zeros[filter]!
      values[at] = weight
      sums[filter]! += weight
    }
  }
  return { rows, columns, channels, filters, values, sums }
}
