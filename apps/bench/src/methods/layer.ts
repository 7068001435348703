import { layerByLayer } from '@lowbit/schedulers'
import { defineMethod } from './method.js'
import { layerWalk, layerWalkSettings } from './walk-settings.js'

export const layer = defineMethod({
  name: 'layer',
  description: 'layer by layer, what is quantized is frozen (Sher et al. 2023, Algorithm 1)',
  settings: { wholeShare: 0, ...layerWalkSettings },
  make: ({ wholeShare, ...walk }) => ({
    plan: async (layers, { steps }, network) =>
      layerByLayer(layers, { steps, wholeShare, ...(await layerWalk(walk, network)) }),
  }),
})
