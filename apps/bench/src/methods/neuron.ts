import { neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const neuron = defineMethod({
  name: 'neuron',
  description: 'neuron by neuron, what is quantized trains on (Sher et al. 2023, Algorithm 3)',
  settings: { wholeShare: 0.5 },
  make: ({ wholeShare }) => ({ plan: (layers, options) => neuronByNeuron(layers, { ...options, wholeShare }) }),
})
