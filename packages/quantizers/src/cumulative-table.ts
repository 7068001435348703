import type { Histogram } from './histogram.js'

/**
 * How many values lie below any threshold, and their sum: two look-ups instead of a walk over the values. What the MMSE
 * solvers work on, be it made of values or of a histogram. Bins are equally wide; within a bin values count as spread
 * evenly around their mean. With w the bin width and s the scale, that changes a squared error by about (w / s)^2 of it.
 */
export interface CumulativeTable {
  /** Lower edge of the first bin. */
  readonly start: number
  readonly binsPerUnit: number
  /** Half of a bin's width. */
  readonly halfWidth: number
  readonly bins: number
  /** For b in 0..bins, at 2b the number of values in the bins before b, at 2b + 1 their sum. */
  readonly before: Float64Array
  /** Number of all values. */
  readonly total: number
  readonly sum: number
  /** Sum of the squares of all values. */
  readonly squares: number
  readonly minimum: number
  readonly maximum: number
}

/** Number and sum of the values below `threshold`. */
export function below(
  { start, binsPerUnit, halfWidth, bins, before }: CumulativeTable,
  threshold: number,
): { readonly count: number; readonly sum: number } {
  const position = (threshold - start) * binsPerUnit
  if (position <= 0) return { count: 0, sum: 0 }
  if (position >= bins) return { count: before[2 * bins]!, sum: before[2 * bins + 1]! }
  const bin = binAt(position)
  const share = position - bin
  const count = before[2 * bin]!
  const sum = before[2 * bin + 1]!
  const countInBin = before[2 * bin + 2]! - count
  const sumInBin = before[2 * bin + 3]! - sum
  // The mean of the lower part is below the bin's by half the width of the part above.
  return {
    count: count + share * countInBin,
    sum: sum + share * (sumInBin - countInBin * (1 - share) * halfWidth),
  }
}

/**
 * The bin of a position that lies in one. No table has more than the 2^20 bins that a histogram may have; told so, V8 does not
 * watch the sums that make indices of it for overflow.
 */
export function binAt(position: number): number {
  return position & (2 ** 20 - 1)
}

/** What a table of so many bins is made in, its `before`: that of the next values can be made in it too, which ends the one before. */
export const tableMemory = (bins: number): Float64Array => new Float64Array(2 * bins + 2)

/** The table of these values, which are finite and one at least; it holds until another one is made in this memory. */
export function tableOfValues(values: Float32Array, before: Float64Array): CumulativeTable {
  const bins = before.length / 2 - 1
  let minimum = values[0]!
  let maximum = minimum
  for (let i = 1; i < values.length; i++) {
    const x = values[i]!
    if (x < minimum) minimum = x
    if (x > maximum) maximum = x
  }
  const binsPerUnit = bins / spreadOf(minimum, maximum)
  before.fill(0)
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const end = 2 * binAt((x - minimum) * binsPerUnit) + 2
    before[end]!++
    before[end + 1]! += x
    squares += x * x
  }
  return {
    start: minimum,
    binsPerUnit,
    halfWidth: 0.5 / binsPerUnit,
    bins,
    before,
    ...accumulate(before),
    squares,
    minimum,
    maximum,
  }
}

/** The table of a histogram of one value at least; its zeros go into the bin that begins at zero. */
export function tableOfHistogram({ counts, first, exponent, zeros, minimum, maximum }: Histogram): CumulativeTable {
  const width = 2 ** exponent
  const bins = Math.max(counts.length, 1)
  const before = tableMemory(bins)
  let squares = 0
  counts.forEach((count, i) => {
    // The outermost bins reach only as far as the extremes do.
    const low = Math.max((first + i) * width, minimum)
    const high = Math.min((first + i + 1) * width, maximum)
    before[2 * i + 2] = count
    before[2 * i + 3] = (count * (low + high)) / 2
    squares += (count * (low * low + low * high + high * high)) / 3
  })
  before[2 * Math.min(Math.max(-first, 0), bins - 1) + 2]! += zeros
  return {
    start: first * width,
    binsPerUnit: 1 / width,
    halfWidth: width / 2,
    bins,
    before,
    ...accumulate(before),
    squares,
    minimum,
    maximum,
  }
}

/** Adds to what was counted for each bin, at its end, all that lies before it. */
function accumulate(before: Float64Array): { total: number; sum: number } {
  let total = 0
  let sum = 0
  for (let i = 2; i < before.length; i += 2) {
    total += before[i]!
    sum += before[i + 1]!
    before[i] = total
    before[i + 1] = sum
  }
  return { total, sum }
}

/** A little more than the distance, so that the maximum falls into the last bin; where there is none, any positive one. */
function spreadOf(minimum: number, maximum: number): number {
  return Math.max((maximum - minimum) * (1 + 2 ** -40), 2 ** -149)
}
