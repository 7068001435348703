import { smallestScale } from './arithmetic.js'
import { usableScale } from './covering-range.js'
import { type CumulativeTable, tableMemory, tableOfHistogram, tableOfValues } from './cumulative-table.js'
import { estimator } from './estimator.js'
import { ternarySearch } from './mmse.js'
import type { QuantizationRange } from './range.js'
import { type Scheme, usableLevels } from './scheme.js'
import { alternated, bestFit, better, exactFit, type Fit } from './squared-error.js'

/**
 * The range of least squared error, found by trying everything: slower than `mmse`, but not misled where the error has
 * several minima over the scale (few values, few levels, outliers, weights that are quantized already).
 *
 * With the codes of a scale s fixed, the error is `sum(x^2) - sum(k x)^2 / sum(k^2)` at the best scale for them. The codes
 * change only where a value lies between two of them, at `|x| / (k + 1/2)`: for few values (up to 2^13 such places) one s
 * from each interval between them is tried, otherwise a geometric grid. It runs from `2 max|x|`, above which all codes are
 * zero, downwards until clipping alone costs more than the best found. The eight best local minima, and what `mmse` finds,
 * are then refined on the values themselves: best scale for the codes and best codes for the scale in turn, until the error
 * falls no more. So this never does worse than `mmse`.
 */
export const mmseExhaustive = /* @__PURE__ */ estimator('mmseExhaustive', {
  ofValues: (scheme) => {
    const levels = usableLevels(scheme)
    const memory = tableMemory(2 ** 15)
    return (values) => {
      const table = tableOfValues(values, memory)
      const refit = (scale: number) => exactFit(values, scale, bestFit(table, scale, scheme).zeroPoint, levels)
      const scales = values.length * (levels - 1) <= 2 ** 13 ? betweenCodeChanges(values, levels) : undefined
      return refined(promising(table, scheme, scales), refit, levels)
    }
  },
  ofHistogram: (histogram, scheme) => {
    const table = tableOfHistogram(histogram)
    return refined(promising(table, scheme), (scale) => bestFit(table, scale, scheme), usableLevels(scheme))
  },
})

/** One scale from each interval in which no code changes, in descending order; none where all values are zero. */
function betweenCodeChanges(values: Float32Array, levels: number): Float64Array {
  const changes = new Float64Array(values.length * (levels - 1))
  values.forEach((x, i) => {
    for (let k = 0; k < levels - 1; k++) changes[i * (levels - 1) + k] = Math.abs(x) / (k + 0.5)
  })
  const descending = changes.filter((change) => change > 0).sort((a, b) => b - a)
  return descending.map((change, i) => (change + (descending[i + 1] ?? change / 2)) / 2)
}

/** Scales in descending order, in steps of 1/128 or, for many levels, of half a step of the outermost code. */
function* grid(table: CumulativeTable, levels: number): Generator<number> {
  const ratio = 1 + 1 / Math.max(128, 2 * levels)
  let scale = 2 * Math.max(Math.abs(table.minimum), Math.abs(table.maximum))
  for (; scale >= smallestScale; scale /= ratio) yield scale
}

/** What the ternary search finds, and the eight least local minima of the error that codes have at their best scale. */
function promising(table: CumulativeTable, scheme: Scheme, scales?: Iterable<number>): Fit[] {
  const fits: Fit[] = []
  const potential = ({ products, codeSquares }: Fit) => (codeSquares > 0 ? products ** 2 / codeSquares : 0)
  let most = 0
  for (const scale of scales ?? grid(table, usableLevels(scheme))) {
    const fit = bestFit(table, scale, scheme, fits.at(-1)?.zeroPoint)
    fits.push(fit)
    most = Math.max(most, potential(fit))
    // Rounding costs a quarter of scale^2 a value at most, the rest is clipping; below this scale that only grows.
    if (fit.error - (table.total * scale ** 2) / 4 > table.squares - most) break
  }
  const minima = fits
    .filter((fit, i) => {
      const here = potential(fit)
      const after = fits[i + 1]
      return (i === 0 || here > potential(fits[i - 1]!)) && (after === undefined || here >= potential(after))
    })
    .sort((a, b) => potential(b) - potential(a))
    .slice(0, 8)
  return [ternarySearch(table, scheme), ...minima]
}

/** The best range that alternating least squares reaches from any of these fits. */
function refined(starts: readonly Fit[], refit: (scale: number) => Fit, levels: number): QuantizationRange {
  const { scale, zeroPoint } = starts.map((start) => alternated(refit(usableScale(start.scale)), refit)).reduce(better)
  return { scale, zeroPoint, levels }
}
