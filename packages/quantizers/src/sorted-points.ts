import { smallestScale } from './arithmetic.js'
import type { Histogram } from './histogram.js'

/**
 * Points on a line in ascending order with their weights, in the form in which sums over any interval are two look-ups.
 * What the MMSE solvers and percentiles work on, be it single values or a histogram.
 */
export interface SortedPoints {
  readonly positions: Float32Array | Float64Array
  /** Number of points. */
  readonly length: number
  /** Weight of all points before index i; `weight[length]` is the weight of all. */
  readonly weight: Float64Array
  /** Weighted sum of all points before index i. */
  readonly sum: Float64Array
  /** Weighted sum of the squares of all points. */
  readonly squares: number
  readonly minimum: number
  readonly maximum: number
  /** Buckets of equal width from minimum to maximum; `bucketStart[b]` is the first point in bucket b or after it. */
  readonly bucketStart: Int32Array
  readonly bucketsPerUnit: number
}

/** Index of the first point at or above `threshold`; `length` where there is none. */
export function rank(points: SortedPoints, threshold: number): number {
  const { positions, bucketStart } = points
  if (threshold <= points.minimum) return 0
  if (threshold > points.maximum) return points.length
  const bucket = Math.floor((threshold - points.minimum) * points.bucketsPerUnit)
  let low = bucketStart[bucket]!
  let high = bucketStart[bucket + 1]!
  while (high - low > 8) {
    const middle = (low + high) >>> 1
    if (positions[middle]! < threshold) low = middle + 1
    else high = middle
  }
  while (low < high && positions[low]! < threshold) low++
  return low
}

/** The points of these values, each of weight 1. `values` are finite and are sorted in place. */
export function sortedValues(values: Float32Array): SortedPoints {
  values.sort()
  const ones = new Float64Array(values.length + 1)
  for (let i = 0; i <= values.length; i++) ones[i] = i
  return withSums(values, ones)
}

/**
 * The points of a histogram: zeros are one point, a bin is `pointsPerBin` points spread evenly over the part of it that
 * lies within the extremes.
 */
export function sortedHistogram({ counts, first, exponent, zeros, minimum, maximum }: Histogram): SortedPoints {
  const pointsPerBin = 8
  const width = 2 ** exponent
  const positions = new Float64Array(counts.length * pointsPerBin + 1)
  const weight = new Float64Array(positions.length + 1)
  let length = 0
  let total = 0
  const add = (position: number, count: number) => {
    if (count === 0) return
    positions[length++] = position
    weight[length] = total += count
  }
  if (first >= 0) add(0, zeros)
  counts.forEach((count, i) => {
    if (first + i === 0 && i > 0) add(0, zeros)
    const low = Math.max((first + i) * width, minimum)
    const high = Math.min((first + i + 1) * width, maximum)
    for (let j = 0; j < pointsPerBin; j++) add(low + ((j + 0.5) / pointsPerBin) * (high - low), count / pointsPerBin)
  })
  if (first + counts.length <= 0 && first < 0) add(0, zeros)
  return withSums(positions.subarray(0, length), weight.subarray(0, length + 1))
}

function withSums(positions: Float32Array | Float64Array, weight: Float64Array): SortedPoints {
  const { length } = positions
  const minimum = positions[0]!
  const maximum = positions[length - 1]!
  const sum = new Float64Array(length + 1)
  let squares = 0
  // A spread too small for a bucket width of its own shares one bucket.
  const buckets = Math.min(2 ** 16, 2 ** Math.ceil(Math.log2(length + 1)))
  const bucketsPerUnit = maximum - minimum > smallestScale ? (buckets / (maximum - minimum)) * (1 - 2 ** -40) : 0
  const bucketStart = new Int32Array(buckets + 1).fill(length)
  let next = 0
  for (let i = 0; i < length; i++) {
    const x = positions[i]!
    const weighted = (weight[i + 1]! - weight[i]!) * x
    sum[i + 1] = sum[i]! + weighted
    squares += weighted * x
    const bucket = Math.floor((x - minimum) * bucketsPerUnit)
    while (next <= bucket) bucketStart[next++] = i
  }
  return { positions, length, weight, sum, squares, minimum, maximum, bucketStart, bucketsPerUnit }
}
