import { coveringRange } from './covering-range.js'
import { type Estimator, estimator } from './estimator.js'
import type { Histogram } from './histogram.js'
import { QuantizerError } from './quantizer-error.js'

/**
 * An estimator of ranges that cover all but `100 - p` percent of the values at each end: `percentile(99.9)` clips the
 * largest and the smallest thousandth. The bounds are values that occur (nearest rank: of n values in ascending order the
 * one numbered `ceil(p * n / 100)`, and the one as far from the other end); of a histogram, places in its bins.
 * @param p above 50, at most 100 (then it is `minMax`)
 * @throws QuantizerError OPTION where p is anything else
 */
export function percentile(p: number): Estimator {
  if (!(p > 50 && p <= 100)) {
    throw new QuantizerError('OPTION', `percentile(): p is ${p}, expected a number above 50, at most 100`)
  }
  const numbered = (count: number) => Math.max(Math.ceil((p * count) / 100), 1)
  return estimator('percentile', {
    ofValues: (scheme) => (values) => {
      const upper = numbered(values.length) - 1
      const maximum = valueOfRank(values, upper)
      return coveringRange(valueOfRank(values, values.length - 1 - upper), maximum, scheme)
    },
    ofHistogram: (histogram, scheme) => {
      const upper = numbered(histogram.total) - 1
      const maximum = placeOfRank(histogram, upper)
      return coveringRange(placeOfRank(histogram, histogram.total - 1 - upper), maximum, scheme)
    },
  })
}

/** What would stand at index `rank` if the values were sorted. Reorders them (Hoare's quickselect). */
function valueOfRank(values: Float32Array, rank: number): number {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = median(values[left]!, values[(left + right) >>> 1]!, values[right]!)
    let i = left
    let j = right
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i > j) break
      const swapped = values[i]!
      values[i++] = values[j]!
      values[j--] = swapped
    }
    if (rank <= j) right = j
    else if (rank >= i) left = i
    else break
  }
  return values[rank]!
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** Where the value of this rank lies, the values of a bin spread evenly over it; never beyond the extremes. */
function placeOfRank({ counts, first, exponent, zeros, minimum, maximum }: Histogram, rank: number): number {
  let before = 0
  for (let i = 0; i <= counts.length; i++) {
    const zerosHere = first + i === 0 || (i === counts.length && first + i < 0) ? zeros : 0
    if (rank < before + zerosHere) return 0
    before += zerosHere
    const count = counts[i] ?? 0
    if (rank < before + count) {
      const place = (first + i + (rank - before + 0.5) / count) * 2 ** exponent
      return Math.min(Math.max(place, minimum), maximum)
    }
    before += count
  }
  return maximum
}
