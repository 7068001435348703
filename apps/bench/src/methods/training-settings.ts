import type { TrainingOptions } from '@lowbit/schedulers'
import type { Settings } from './settings.js'

/** What every method can be told about its training: options of `train` in `@lowbit/schedulers`, by their names. */
export const trainingSettings = {
  weightDecay: 0,
  labelSmoothing: 0,
  /** 0: no limit. */
  clipNorm: 0,
  optimizerState: ['fresh', 'kept'],
} as const

export function trainingOptions(settings: Settings<typeof trainingSettings>): Partial<TrainingOptions> {
  const { weightDecay, labelSmoothing, clipNorm, optimizerState } = settings
  return { weightDecay, labelSmoothing, optimizerState, ...(clipNorm === 0 ? {} : { clipNorm }) }
}
