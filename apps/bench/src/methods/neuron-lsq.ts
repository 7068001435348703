import { neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const neuronLsq = defineMethod({
  name: 'neuron-lsq',
  description: 'neuron with learned step sizes',
  settings: { wholeShare: 0.5, stepRate: 1 },
  make: ({ wholeShare, stepRate }) => ({
    plan: (layers, options) => neuronByNeuron(layers, { ...options, wholeShare }),
    quantizer: 'lsq',
    training: () => ({ stepRate }),
  }),
})
