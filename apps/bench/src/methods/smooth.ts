import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const smooth = defineMethod({
  name: 'smooth',
  description: 'direct, moving from float to quantized numbers over the first share of the steps',
  settings: { share: 0.5 },
  make: ({ share }) => ({ plan: direct, training: () => ({ smoothing: { share } }) }),
})
