import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const lsq = defineMethod({
  name: 'lsq',
  description: 'direct with learned step sizes (Esser et al. 2020)',
  settings: { stepRate: 1 },
  make: ({ stepRate }) => ({ plan: direct, quantizer: 'lsq', training: () => ({ stepRate }) }),
})
