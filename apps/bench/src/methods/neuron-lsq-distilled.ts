import { defineMethod } from './method.js'
import { neuronPlan, neuronSettings } from './neuron.js'

export const neuronLsqDistilled = defineMethod({
  name: 'neuron-lsq-distilled',
  description: 'neuron with learned step sizes, learning from the float network too',
  settings: { ...neuronSettings, stepRate: 1, temperature: 2, weight: 0.5 },
  make: ({ stepRate, temperature, weight, ...walk }) => ({
    plan: neuronPlan(walk),
    quantizer: 'lsq',
    training: (teacher) => ({ stepRate, distillation: { teacher, temperature, weight } }),
  }),
})
