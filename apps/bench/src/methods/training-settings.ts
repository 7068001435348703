import { type Estimator, minMax, mmse, mmseExhaustive, percentile } from '@lowbit/quantizers'
import type { TrainingOptions } from '@lowbit/schedulers'
import type { Settings } from './settings.js'

/** What every method can be told about its training: options of `train` in `@lowbit/schedulers`, by their names. */
export const trainingSettings = {
  weightDecay: 0,
  labelSmoothing: 0,
  /** 0: no limit. */
  clipNorm: 0,
  /** The decay of averages of the weights; 0: none, the run ends with the weights of its last step. */
  averaging: 0,
  optimizerState: ['fresh', 'kept'],
  estimator: ['mmse', 'mmseExhaustive', 'minMax', 'percentile99.9', 'percentile99.99'],
} as const

export function trainingOptions(settings: Settings<typeof trainingSettings>): Partial<TrainingOptions> {
  const { weightDecay, labelSmoothing, clipNorm, averaging, optimizerState, estimator } = settings
  return {
    weightDecay,
    labelSmoothing,
    optimizerState,
    estimator: ESTIMATORS[estimator],
    ...(clipNorm === 0 ? {} : { clipNorm }),
    ...(averaging === 0 ? {} : { averaging: { decay: averaging } }),
  }
}

const ESTIMATORS: Readonly<Record<Settings<typeof trainingSettings>['estimator'], Estimator>> = {
  mmse,
  mmseExhaustive,
  minMax,
  'percentile99.9': percentile(99.9),
  'percentile99.99': percentile(99.99),
}
