import { incremental as plan } from '@lowbit/schedulers'
import { defineMethod } from './method.js'
import { rateSettings, ratesOf } from './walk-settings.js'

export const incremental = defineMethod({
  name: 'incremental',
  description:
    'in all layers the weights of largest magnitude first, what is quantized is frozen (INQ, Zhou et al. 2017)',
  settings: { fractions: [0.5, 0.75, 0.875, 1], wholeShare: 0, ...rateSettings },
  make: ({ fractions, wholeShare, ...rates }) => ({
    plan: (layers, { steps }) => plan(layers, { steps, fractions, wholeShare, ...ratesOf(rates) }),
  }),
})
