import { filterByFilter } from '@lowbit/schedulers'
import { defineMethod } from './method.js'
import { filterWalk, filterWalkSettings } from './walk-settings.js'

export const filter = defineMethod({
  name: 'filter',
  description: 'filter by filter, what is quantized is frozen (Sher et al. 2023, Algorithm 2)',
  settings: { wholeShare: 0, ...filterWalkSettings },
  make: ({ wholeShare, ...walk }) => ({
    plan: async (layers, { steps, groups }, network) =>
      filterByFilter(layers, { steps, wholeShare, ...(await filterWalk(walk, groups, network)) }),
  }),
})
