/**
 * Holm's correction for several tests at once (Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure"): of n
 * p-values the smallest times n, the next times n - 1, and so on, none below the one before or above 1. Those below 0.05 are
 * false with a probability below 0.05 all together, however the tests depend on each other.
 */
export function holm(pValues: readonly number[]): number[] {
  const corrected = new Array<number>(pValues.length)
  let least = 0
  const rising = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  rising.forEach(({ p, index }, rank) => {
    least = Math.max(least, Math.min(1, p * (pValues.length - rank)))
    corrected[index] = least
  })
  return corrected
}
