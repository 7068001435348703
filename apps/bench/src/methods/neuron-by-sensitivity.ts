import { leastSensitiveFirst, neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const neuronBySensitivity = defineMethod({
  name: 'neuron-by-sensitivity',
  description: 'neuron, beginning with the layers that cost least when quantized alone',
  settings: { wholeShare: 0.5 },
  make: ({ wholeShare }) => ({
    async plan(layers, options, network) {
      const order = leastSensitiveFirst(await network.sensitivities())
      // Inputs change as layers before them are quantized later: their ranges are estimated once more in the end.
      return neuronByNeuron(layers, { ...options, wholeShare, order, estimateRanges: 'whole' })
    },
  }),
})
