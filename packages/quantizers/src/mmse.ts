import { coveringRange, usableScale } from './covering-range.js'
import { estimator } from './estimator.js'
import type { QuantizationRange } from './range.js'
import { type Scheme, usableLevels } from './scheme.js'
import { type SortedPoints, sortedHistogram, sortedValues } from './sorted-points.js'
import { bestFit, type Fit } from './squared-error.js'

/**
 * The range of least squared error between values and what is left of them after quantization (MMSE), by ternary search.
 *
 * The scale is sought in 0..c, c being the scale that covers all values (`minMax`): of the two scales that cut the interval
 * in three, the one with the larger error becomes the new end, until the interval is 2^-12 of c. For each scale the zero
 * point is the best one, found exactly (`bestFit`). The best fit met on the way is then improved in closed form: with its
 * codes fixed, the best scale is `sum(k x) / sum(k^2)`; this is repeated while the error falls.
 *
 * The error need not be unimodal in the scale, so this may miss the best range: `mmseExhaustive` does not.
 * After Sher et al., Mathematics 2023, 11(9), 2112; the interval, the zero point's search and the last improvement are ours.
 */
export const mmse = /* @__PURE__ */ estimator('mmse', {
  ofValues: (values, scheme) => ternarySearch(sortedValues(values), scheme),
  ofHistogram: (histogram, scheme) => ternarySearch(sortedHistogram(histogram), scheme),
})

function ternarySearch(points: SortedPoints, scheme: Scheme): QuantizationRange {
  const covering = coveringRange(points.minimum, points.maximum, scheme)
  let low = 0
  let high = covering.scale
  let best = bestFit(points, high, scheme)
  while (high - low > 2 ** -12 * covering.scale) {
    const third = (high - low) / 3
    const left = bestFit(points, low + third, scheme)
    const right = bestFit(points, high - third, scheme)
    if (left.error < right.error) high -= third
    else low += third
    best = better(best, better(left, right))
  }
  return improvedRange(points, best, scheme)
}

/** The range that alternating least squares leads to from this fit: best scale for the codes, best codes for the scale. */
export function improvedRange(points: SortedPoints, start: Fit, scheme: Scheme): QuantizationRange {
  let best = bestFit(points, usableScale(start.scale), scheme)
  for (let round = 0; round < 20 && best.codeSquares > 0; round++) {
    const next = bestFit(points, usableScale(best.products / best.codeSquares), scheme)
    if (!(next.error < best.error)) break
    best = next
  }
  return { scale: best.scale, zeroPoint: best.zeroPoint, levels: usableLevels(scheme) }
}

/** The fit with the smaller error, the first of equal ones. */
export function better(a: Fit, b: Fit): Fit {
  return b.error < a.error ? b : a
}
