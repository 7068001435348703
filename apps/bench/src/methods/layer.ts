import { layerByLayer } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const layer = defineMethod({
  name: 'layer',
  description: 'layer by layer, what is quantized is frozen (Sher et al. 2023, Algorithm 1)',
  settings: {},
  make: () => ({ plan: (layers, { steps }) => layerByLayer(layers, { steps }) }),
})
