import { neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const neuronLsqDistilled = defineMethod({
  name: 'neuron-lsq-distilled',
  description: 'neuron with learned step sizes, learning from the float network too',
  settings: { wholeShare: 0.5, stepRate: 1, temperature: 2, weight: 0.5 },
  make: ({ wholeShare, stepRate, temperature, weight }) => ({
    plan: (layers, options) => neuronByNeuron(layers, { ...options, wholeShare }),
    quantizer: 'lsq',
    training: (teacher) => ({ stepRate, distillation: { teacher, temperature, weight } }),
  }),
})
