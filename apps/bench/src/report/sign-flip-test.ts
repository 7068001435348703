/** Differences are told apart down to a millionth of their unit. */
const RESOLUTION = 1e6

/**
 * One-sided p-value of the exact paired permutation test: of all 2^n ways to give n differences their signs, the share
 * whose sum is at least the sum observed. Small where the differences lie above zero; never below 2^-n, which is why few
 * pairs prove little. (Fisher, The Design of Experiments, 1935, section 21.)
 *
 * Sums are counted as a distribution, so that the work grows with the number of different sums, not with 2^n: accuracies
 * over thousands of images give few of them.
 */
export function signFlipPValue(differences: readonly number[]): number {
  const units = differences.map((difference) => Math.round(difference * RESOLUTION))
  let shares = new Map([[0, 1]])
  for (const unit of units) {
    const flipped = new Map<number, number>()
    for (const [sum, share] of shares)
      for (const next of [sum + unit, sum - unit]) flipped.set(next, (flipped.get(next) ?? 0) + share / 2)
    shares = flipped
  }
  const observed = units.reduce((sum, unit) => sum + unit, 0)
  let atLeast = 0
  for (const [sum, share] of shares) if (sum >= observed) atLeast += share
  return atLeast
}
