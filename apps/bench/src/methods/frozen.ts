import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const frozen = defineMethod({
  name: 'frozen',
  description: 'lsq with weights that oscillate too often frozen at their level (Nagel et al. 2022)',
  settings: { stepRate: 1, threshold: 0.04, finalThreshold: 0.01 },
  make: ({ stepRate, threshold, finalThreshold }) => ({
    plan: direct,
    quantizer: 'lsq',
    training: () => ({ stepRate, freezing: { threshold: [threshold, finalThreshold] } }),
  }),
})
