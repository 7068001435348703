import { neuronByNeuron } from '@lowbit/schedulers'
import { defineMethod, type Recipe } from './method.js'
import type { Settings } from './settings.js'
import { filterWalk, filterWalkSettings } from './walk-settings.js'

/** Of every method that goes neuron by neuron. */
export const neuronSettings = { wholeShare: 0.5, ...filterWalkSettings } as const

export const neuronPlan =
  ({ wholeShare, ...walk }: Settings<typeof neuronSettings>): Recipe['plan'] =>
  async (layers, { steps, groups }, network) =>
    neuronByNeuron(layers, { steps, wholeShare, ...(await filterWalk(walk, groups, network)) })

export const neuron = defineMethod({
  name: 'neuron',
  description: 'neuron by neuron, what is quantized trains on (Sher et al. 2023, Algorithm 3)',
  settings: neuronSettings,
  make: (settings) => ({ plan: neuronPlan(settings) }),
})
