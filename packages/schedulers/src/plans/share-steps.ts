import { SchedulerError } from '../scheduler-error.js'

/**
 * Splits `steps` in proportion to `shares` into whole numbers that add up to it exactly (largest remainder; of equal
 * remainders the first wins). No part is further than one step from its proportion.
 */
export function shareSteps(steps: number, shares: readonly number[]): number[] {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new SchedulerError('OPTION', `shareSteps(): steps is ${steps}; expected a whole number >= 0`)
  }
  const sum = shares.reduce((a, b) => a + b, 0)
  if (shares.some((share) => !(share >= 0)) || !(sum > 0) || !Number.isFinite(sum)) {
    throw new SchedulerError('OPTION', `shareSteps(): shares are [${shares}]; expected numbers >= 0, not all of them 0`)
  }
  const exact = shares.map((share) => steps * (share / sum))
  const parts = exact.map(Math.floor)
  const missing = steps - parts.reduce((a, b) => a + b, 0)
  exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
    .slice(0, missing)
    .forEach(({ index }) => {
      parts[index]! += 1
    })
  return parts
}
