import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const smoothLsq = defineMethod({
  name: 'smooth-lsq',
  description: 'smooth with learned step sizes',
  settings: { share: 0.5, stepRate: 1 },
  make: ({ share, stepRate }) => ({
    plan: direct,
    quantizer: 'lsq',
    training: () => ({ stepRate, smoothing: { share } }),
  }),
})
