import { inverseScale } from './arithmetic.js'
import { usableScale } from './covering-range.js'
import { below, binAt, type CumulativeTable } from './cumulative-table.js'
import { middleCode, type Scheme, usableLevels } from './scheme.js'

/** What quantizing with one scale and zero point does to all values; k stands for a value's code less the zero point. */
export interface Fit {
  readonly scale: number
  readonly zeroPoint: number
  /** Sum of (x - scale * k)^2. */
  readonly error: number
  /** Sum of k * x. */
  readonly products: number
  /** Sum of k^2: with these codes the error is least at scale `products / codeSquares`. */
  readonly codeSquares: number
}

/**
 * The fit at this scale with the zero point that makes its error least; of equal ones the smallest. It is found the sooner
 * the nearer `near` is to it: the zero point of another scale, say.
 */
export function bestFit(table: CumulativeTable, scale: number, scheme: Scheme, near?: number): Fit {
  const levels = usableLevels(scheme)
  const middle = middleCode(levels)
  return fit(table, scale, scheme.symmetric ? middle : bestZeroPoint(table, scale, levels, near ?? middle), levels)
}

/**
 * For a given scale the lattice is the same for every zero point, which only says where its window of levels begins. The
 * error is convex in it (each further step away costs a clipped value more than the step before), so the first zero point
 * from which one more step does not pay is found in strides that double, from `near` on, and then by bisection.
 */
function bestZeroPoint(table: CumulativeTable, scale: number, levels: number, near: number): number {
  let low = 0
  let high = levels - 1
  let probe = Math.min(near, high - 1)
  for (let stride = 1; low < high; stride *= 2) {
    // One step down: the values below the window's old lower end come closer, those at its upper end go.
    const pays = gainBelow(table, scale, -probe) > gainAbove(table, scale, levels - 2 - probe)
    const next = pays ? probe + stride : probe - stride
    if (pays) low = probe + 1
    else high = probe
    probe = low <= next && next < high ? next : (low + high) >>> 1
  }
  return low
}

/** How much the error falls when the window's lower end goes from `end` to `end - 1`. */
function gainBelow(table: CumulativeTable, scale: number, end: number): number {
  const { count, sum } = below(table, (end - 0.5) * scale)
  return scale * ((2 * end - 1) * scale * count - 2 * sum)
}

/** How much the error falls when the window's upper end goes from `end` to `end + 1`. */
function gainAbove(table: CumulativeTable, scale: number, end: number): number {
  const { count, sum } = below(table, (end + 0.5) * scale)
  return scale * (2 * (table.sum - sum) - (2 * end + 1) * scale * (table.total - count))
}

/**
 * All values are first given the lowest code; then, threshold by threshold, those above it are given one more. The look-up
 * is `below`, written out for thresholds that are one scale apart: nearly all time goes here.
 */
function fit(table: CumulativeTable, scale: number, zeroPoint: number, levels: number): Fit {
  const { start, binsPerUnit, halfWidth, bins, before, total, sum, squares } = table
  let products = -zeroPoint * sum
  let codeSquares = zeroPoint * zeroPoint * total
  const binsPerCode = scale * binsPerUnit
  let position = ((0.5 - zeroPoint) * scale - start) * binsPerUnit
  // From k to k + 1 the square grows by 2k + 1. The first thresholds may lie below all values, the last ones above.
  let growth = 1 - 2 * zeroPoint
  const end = growth + 2 * (levels - 1)
  for (; growth < end && position <= 0; growth += 2, position += binsPerCode) {
    products += sum
    codeSquares += growth * total
  }
  for (; growth < end && position < bins; growth += 2, position += binsPerCode) {
    const bin = binAt(position)
    const share = position - bin
    const count = before[2 * bin]!
    const sumBefore = before[2 * bin + 1]!
    const countInBin = before[2 * bin + 2]! - count
    const sumInBin = before[2 * bin + 3]! - sumBefore
    products += sum - sumBefore - share * (sumInBin - countInBin * (1 - share) * halfWidth)
    codeSquares += growth * (total - count - share * countInBin)
  }
  const error = squares - 2 * scale * products + scale * scale * codeSquares
  return { scale, zeroPoint, error, products, codeSquares }
}

/** The same for the values themselves, exactly as `fakeQuantize` sees them; a walk over all of them. */
export function exactFit(values: Float32Array, scale: number, zeroPoint: number, levels: number): Fit {
  const inverse = inverseScale(scale)
  const minimum = -zeroPoint
  const maximum = levels - 1 - zeroPoint
  let products = 0
  let codeSquares = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    let k = Math.fround(x * inverse) + 1.5 * 2 ** 52 - 1.5 * 2 ** 52
    if (k < minimum) k = minimum
    if (k > maximum) k = maximum
    products += k * x
    codeSquares += k * k
    squares += x * x
  }
  const error = squares - 2 * scale * products + scale * scale * codeSquares
  return { scale, zeroPoint, error, products, codeSquares }
}

/** The fit with the smaller error, the first of equal ones. */
export function better(a: Fit, b: Fit): Fit {
  return b.error < a.error ? b : a
}

/** What alternating least squares reaches from this fit: the best scale for its codes, the best codes for that scale, ... */
export function alternated(start: Fit, refit: (scale: number) => Fit): Fit {
  let best = start
  for (let round = 0; round < 50 && best.codeSquares > 0; round++) {
    const next = refit(usableScale(best.products / best.codeSquares))
    if (!(next.error < best.error)) break
    best = next
  }
  return best
}
