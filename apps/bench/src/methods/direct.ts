import { direct as plan } from '@lowbit/schedulers'
import { defineMethod } from './method.js'

export const direct = defineMethod({
  name: 'direct',
  description: 'every layer at once, then straight-through training: the usual baseline',
  settings: {},
  make: () => ({ plan }),
})
