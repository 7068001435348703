import { filterByFilter } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const filter = defineMethod({
  name: 'filter',
  description: 'filter by filter, what is quantized is frozen (Sher et al. 2023, Algorithm 2)',
  settings: {},
  make: () => ({ plan: filterByFilter }),
})
