import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const damped = defineMethod({
  name: 'damped',
  description: 'lsq with weights pulled to their levels so that fewer oscillate (Nagel et al. 2022)',
  settings: { stepRate: 1, dampening: 0.1 },
  make: ({ stepRate, dampening }) => ({
    plan: direct,
    quantizer: 'lsq',
    training: () => ({ stepRate, dampening: { weight: dampening } }),
  }),
})
