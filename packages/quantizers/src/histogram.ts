import { countPatterns, patterns, patternsFit } from './count-patterns.js'
import { extremes } from './extremes.js'
import { QuantizerError } from './quantizer-error.js'
import { asFloat32, type Values } from './values.js'

/**
 * How often values occur, for estimating a range from more of them than fit in memory. Plain data, JSON-safe.
 *
 * Bins are `2^exponent` wide and begin at multiples of their width, so zero is always an edge; values that are exactly
 * zero (what ReLU leaves) are counted apart. The width is the smallest power of two for which `minimum..maximum` fits into
 * `bins` bins: it depends on nothing but the extremes, and a coarser grid's bins are unions of a finer one's. Hence
 * merging histograms gives exactly the histogram of all their values together, in any order.
 */
export interface Histogram {
  /** The most bins there may be; between half of them and all are in use. */
  readonly bins: number
  /** Bins are `2^exponent` wide. */
  readonly exponent: number
  /** The first bin reaches from `first * 2^exponent` to below `(first + 1) * 2^exponent`. */
  readonly first: number
  /** Values in each bin, without zeros. */
  readonly counts: readonly number[]
  /** Values that are exactly zero. */
  readonly zeros: number
  /** Smallest value; 0 where `total` is 0. */
  readonly minimum: number
  /** Largest value; 0 where `total` is 0. */
  readonly maximum: number
  /** Number of values: `zeros` and all counts together. */
  readonly total: number
}

/** f32 has no finer grid than its smallest subnormal number. */
const smallestExponent = -149

/**
 * The histogram of these values.
 * @param bins the most bins there may be; an integer from 2 to 2^20
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), OPTION (bins)
 */
export function histogram(values: Values, { bins = 4096 }: { readonly bins?: number } = {}): Histogram {
  if (!isBinLimit(bins)) {
    throw new QuantizerError('OPTION', `histogram(): bins is ${bins}, expected an integer from 2 to 2^20`)
  }
  const floats = asFloat32(values)
  const total = floats.length
  const { minimum, maximum, zeros } = extremes('histogram', values)
  const exponent = exponentFor(minimum, maximum, bins)
  const first = Math.floor(minimum * 2 ** -exponent)
  const size = zeros === total ? 0 : Math.floor(maximum * 2 ** -exponent) - first + 1
  // Sooner, but for a table of its own to fill and to look through.
  const byPatterns = total > patterns && patternsFit(minimum, maximum, exponent)
  const count = byPatterns ? countPatterns : countBins
  const counts = size === 0 ? [] : count(floats, 2 ** -exponent, first, size)
  if (size > 0 && zeros > 0) counts[-first]! -= zeros
  return { bins, exponent, first, counts, zeros, minimum, maximum, total }
}

/**
 * The number of values in each of `size` bins from `first` on. In the table a bin is at its number modulo the table's length, a
 * power of two: `& last` needs no check that a difference would, and `| 0` before it none that the number is an integer.
 * Four values a turn, whose places are all known before the first count is written: reading a value then waits for no count.
 */
function countBins(values: Float32Array, perUnit: number, first: number, size: number): number[] {
  const table = new Int32Array(2 ** Math.ceil(Math.log2(size)))
  const last = table.length - 1
  const inFours = values.length & ~3
  for (let i = 0; i < inFours; i += 4) {
    const a = (Math.floor(values[i]! * perUnit) | 0) & last
    const b = (Math.floor(values[i + 1]! * perUnit) | 0) & last
    const c = (Math.floor(values[i + 2]! * perUnit) | 0) & last
    const d = (Math.floor(values[i + 3]! * perUnit) | 0) & last
    table[a]!++
    table[b]!++
    table[c]!++
    table[d]!++
  }
  for (let i = inFours; i < values.length; i++) table[(Math.floor(values[i]! * perUnit) | 0) & last]!++
  return Array.from({ length: size }, (_, b) => table[(first + b) & last]!)
}

/**
 * The histogram of the values of both, exactly.
 * @throws QuantizerError HISTOGRAM where they do not allow the same number of bins
 */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.bins !== b.bins) {
    throw new QuantizerError('HISTOGRAM', `mergeHistograms(): ${a.bins} and ${b.bins} bins, expected as many in both`)
  }
  const filled = [a, b].filter(({ total }) => total > 0)
  const minimum = Math.min(...(filled.length > 0 ? filled : [a]).map((part) => part.minimum))
  const maximum = Math.max(...(filled.length > 0 ? filled : [a]).map((part) => part.maximum))
  const exponent = Math.max(a.exponent, b.exponent, exponentFor(minimum, maximum, a.bins))
  const first = Math.floor(minimum * 2 ** -exponent)
  const counts =
    a.counts.length + b.counts.length === 0
      ? []
      : new Array<number>(Math.floor(maximum * 2 ** -exponent) - first + 1).fill(0)
  for (const part of [a, b]) {
    const ratio = 2 ** (part.exponent - exponent)
    part.counts.forEach((count, i) => {
      if (count > 0) counts[Math.floor((part.first + i) * ratio) - first]! += count
    })
  }
  return { bins: a.bins, exponent, first, counts, zeros: a.zeros + b.zeros, minimum, maximum, total: a.total + b.total }
}

/**
 * The same values in bins wide enough for `minimum..maximum`, so that values from there need no wider ones later.
 * @throws QuantizerError VALUE where a bound is not finite
 */
export function widenHistogram(from: Histogram, minimum: number, maximum: number): Histogram {
  const low = Math.fround(Math.min(minimum, maximum))
  const high = Math.fround(Math.max(minimum, maximum))
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new QuantizerError(
      'VALUE',
      `widenHistogram(): bounds are ${minimum} and ${maximum}, expected finite f32 numbers`,
    )
  }
  const exponent = exponentFor(low, high, from.bins)
  const empty = { bins: from.bins, exponent, first: 0, counts: [], zeros: 0, minimum: 0, maximum: 0, total: 0 }
  return mergeHistograms(from, empty)
}

/**
 * The histogram itself, where it is one; for what comes from a file.
 * @throws QuantizerError HISTOGRAM with what does not fit
 */
export function validateHistogram(candidate: Histogram): Histogram {
  const { bins, exponent, first, counts, zeros, minimum, maximum, total } = candidate
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0
  const expect = (fits: boolean, found: string, expected: string) => {
    if (!fits) throw new QuantizerError('HISTOGRAM', `validateHistogram(): ${found}, expected ${expected}`)
  }
  expect(isBinLimit(bins), `bins is ${bins}`, 'an integer from 2 to 2^20')
  expect(Array.isArray(counts) && counts.every(isCount), 'counts are no list of counts', 'integers from 0 on')
  expect(isCount(zeros), `zeros is ${zeros}`, 'an integer from 0 on')
  const sum = counts.reduce((before, count) => before + count, zeros)
  expect(sum === total, `total is ${total}`, `${sum}, the zeros and all counts`)
  expect(
    Number.isFinite(minimum) && Number.isFinite(maximum) && minimum <= maximum,
    `minimum is ${minimum} and maximum ${maximum}`,
    'finite numbers, the smaller one first',
  )
  const least = exponentFor(minimum, maximum, bins)
  expect(
    Number.isInteger(exponent) && exponent >= least && exponent <= 128,
    `exponent is ${exponent}`,
    `an integer from ${least} to 128 for ${minimum} to ${maximum}`,
  )
  const begin = Math.floor(minimum * 2 ** -exponent)
  const size = zeros === total ? 0 : Math.floor(maximum * 2 ** -exponent) - begin + 1
  expect(
    first === begin && counts.length === size,
    `${counts.length} counts from bin ${first} on`,
    `${size} from bin ${begin} on for ${minimum} to ${maximum}`,
  )
  return candidate
}

function isBinLimit(bins: number): boolean {
  return Number.isInteger(bins) && bins >= 2 && bins <= 2 ** 20
}

/** The exponent of the smallest bin width with which zero and `minimum..maximum` lie in at most `bins` bins. */
function exponentFor(minimum: number, maximum: number, bins: number): number {
  const low = Math.min(minimum, 0)
  const high = Math.max(maximum, 0)
  if (low === high) return smallestExponent
  let exponent = Math.max(smallestExponent, Math.floor(Math.log2((high - low) / bins)) - 1)
  while (Math.floor(high * 2 ** -exponent) - Math.floor(low * 2 ** -exponent) >= bins) exponent++
  return exponent
}
