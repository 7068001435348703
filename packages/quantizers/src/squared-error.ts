import { middleCode, type Scheme, usableLevels } from './scheme.js'
import { rank, type SortedPoints } from './sorted-points.js'

/** What quantizing with one scale and zero point does to all points; sums run over points, each with its weight. */
export interface Fit {
  readonly scale: number
  readonly zeroPoint: number
  /** Sum of (x - scale * k)^2, where k is the code less the zero point. */
  readonly error: number
  /** Sum of k * x. */
  readonly products: number
  /** Sum of k^2: with these codes the error is least at scale `products / codeSquares`. */
  readonly codeSquares: number
}

/** The fit at this scale with the zero point that makes its error least; of equal ones the smallest. */
export function bestFit(points: SortedPoints, scale: number, scheme: Scheme): Fit {
  const levels = usableLevels(scheme)
  return fit(points, scale, scheme.symmetric ? middleCode(levels) : bestZeroPoint(points, scale, levels), levels)
}

/**
 * For a given scale the lattice is the same for every zero point, which only says where its window of levels begins. The
 * error is convex in it (each further step away costs a clipped point more than the step before), so the first zero point
 * from which one more step does not pay is found by bisection.
 */
function bestZeroPoint(points: SortedPoints, scale: number, levels: number): number {
  let low = 0
  let high = levels - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    // One step down: the points below the window's old lower end come closer, those at its upper end go.
    const gain = gainBelow(points, scale, -middle)
    const loss = gainAbove(points, scale, levels - 2 - middle)
    if (gain > loss) low = middle + 1
    else high = middle
  }
  return low
}

/** How much the error falls when the window's lower end goes from `end` to `end - 1`. */
function gainBelow(points: SortedPoints, scale: number, end: number): number {
  const i = rank(points, (end - 0.5) * scale)
  return scale * ((2 * end - 1) * scale * points.weight[i]! - 2 * points.sum[i]!)
}

/** How much the error falls when the window's upper end goes from `end` to `end + 1`. */
function gainAbove(points: SortedPoints, scale: number, end: number): number {
  const { weight, sum, length } = points
  const i = rank(points, (end + 0.5) * scale)
  return scale * (2 * (sum[length]! - sum[i]!) - (2 * end + 1) * scale * (weight[length]! - weight[i]!))
}

/** All points are first given the lowest code; then, threshold by threshold, those above it are given one more. */
function fit(points: SortedPoints, scale: number, zeroPoint: number, levels: number): Fit {
  const { weight, sum, length, squares } = points
  const totalWeight = weight[length]!
  const totalSum = sum[length]!
  let products = -zeroPoint * totalSum
  let codeSquares = zeroPoint * zeroPoint * totalWeight
  for (let k = -zeroPoint; k < levels - 1 - zeroPoint; k++) {
    const i = rank(points, (k + 0.5) * scale)
    products += totalSum - sum[i]!
    codeSquares += (2 * k + 1) * (totalWeight - weight[i]!)
  }
  const error = squares - 2 * scale * products + scale * scale * codeSquares
  return { scale, zeroPoint, error, products, codeSquares }
}
