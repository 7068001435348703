import jStat from 'jstat'
import { mean, sampleStandardDeviation } from 'simple-statistics'

/** A mean over seeds, and how well it is known. */
export interface Estimate {
  readonly count: number
  readonly mean: number
  /** Standard error of the mean; undefined for a single value. */
  readonly error: number | undefined
  /** Where the mean lies with 95 % confidence by Student's t; undefined below `MINIMUM_COUNT` values. */
  readonly interval: readonly [low: number, high: number] | undefined
}

/** Below three values an interval by Student's t says nothing. */
export const MINIMUM_COUNT = 3

export const CONFIDENCE = 0.95

/** mean ± t(count - 1) · s / √count, with s the sample standard deviation. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length
  const center = mean([...values])
  if (count < 2) return { count, mean: center, error: undefined, interval: undefined }
  const error = sampleStandardDeviation([...values]) / Math.sqrt(count)
  if (count < MINIMUM_COUNT) return { count, mean: center, error, interval: undefined }
  const reach = jStat.studentt.inv((1 + CONFIDENCE) / 2, count - 1) * error
  return { count, mean: center, error, interval: [center - reach, center + reach] }
}
