import { defineMethod } from './method.js'
import { neuronPlan, neuronSettings } from './neuron.js'

export const neuronLsq = defineMethod({
  name: 'neuron-lsq',
  description: 'neuron with learned step sizes',
  settings: { ...neuronSettings, stepRate: 1 },
  make: ({ stepRate, ...walk }) => ({ plan: neuronPlan(walk), quantizer: 'lsq', training: () => ({ stepRate }) }),
})
