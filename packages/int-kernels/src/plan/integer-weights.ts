import type { WeightCodes } from '../format/index.js'

/** The weights of a convolution as signed numbers, code less zero point. */
export interface IntegerWeights {
  readonly rows: number
  readonly columns: number
  /** Channels that one filter reads. */
  readonly channels: number
  readonly filters: number
  readonly smallest: number
  readonly largest: number
  at(row: number, column: number, channel: number, filter: number): number
  /** The sum of a filter's weights. */
  sum(filter: number): number
}

/** @param shape [rows, columns, channels, filters]: a dense layer's inputs may be read as an image */
export function integerWeights(
  { codes, zeroPoint }: WeightCodes,
  shape: readonly [number, number, number, number],
): IntegerWeights {
  const [rows, columns, channels, filters] = shape
  const sums = new Float64Array(filters)
  let smallest = 0
  let largest = 0
  for (let i = 0; i < codes.length; i++) {
    const filter = i % filters
    const weight = codes[i]! - zeroPoint[filter % zeroPoint.length]!
    sums[filter]! += weight
    if (weight < smallest) smallest = weight
    else if (weight > largest) largest = weight
  }
  return {
    rows,
    columns,
    channels,
    filters,
    smallest,
    largest,
    at: (row, column, channel, filter) =>
      codes[((row * columns + column) * channels + channel) * filters + filter]! -
      zeroPoint[filter % zeroPoint.length]!,
    sum: (filter) => sums[filter]!,
  }
}
