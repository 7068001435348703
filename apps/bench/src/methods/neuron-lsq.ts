import { neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const neuronLsq = defineMethod({
  name: 'neuron-lsq',
  description: 'neuron with learned step sizes',
  settings: { wholeShare: 0.5 },
  make: ({ wholeShare }) => ({
    plan: (layers, options) => neuronByNeuron(layers, { ...options, wholeShare }),
    quantizer: 'lsq',
  }),
})
