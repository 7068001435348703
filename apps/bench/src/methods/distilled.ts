import { direct } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const distilled = defineMethod({
  name: 'distilled',
  description: 'direct, learning from the float network too (Hinton et al. 2015)',
  settings: { temperature: 2, weight: 0.5 },
  make: ({ temperature, weight }) => ({
    plan: direct,
    training: (teacher) => ({ distillation: { teacher, temperature, weight } }),
  }),
})
