import { defineMethod } from './method.js'
import { neuronPlan, neuronSettings } from './neuron.js'

export const neuronBySensitivity = defineMethod({
  name: 'neuron-by-sensitivity',
  description: 'neuron, beginning with the layers that cost least when quantized alone',
  settings: {
    ...neuronSettings,
    order: ['sensitivity', 'forward', 'backward'],
    // Inputs change as layers before them are quantized later: their ranges are estimated once more in the end.
    estimateRanges: ['whole', 'once', 'stage'],
  },
  make: (settings) => ({ plan: neuronPlan(settings) }),
})
