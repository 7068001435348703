import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const lsqDistilled = defineMethod({
  name: 'lsq-distilled',
  description: 'lsq, learning from the float network too',
  settings: { stepRate: 1, temperature: 2, weight: 0.5 },
  make: ({ stepRate, temperature, weight }) => ({
    plan: direct,
    quantizer: 'lsq',
    training: (teacher) => ({ stepRate, distillation: { teacher, temperature, weight } }),
  }),
})
