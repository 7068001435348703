import { type FilterWalk, filterWalk } from './filter-walk.js'
import type { LayerShape, Plan } from './plan.js'
import { planOf, type StagedPlanOptions } from './plan-of.js'

export interface NeuronByNeuronOptions extends StagedPlanOptions, FilterWalk {}

/**
 * Neuron by neuron (Sher et al. 2023, Algorithm 3; the paper's name, our body): the walk of filter by filter, but
 * gradients pass through quantized neurons by the straight-through estimator, so they go on training; a last stretch
 * trains the fully quantized network. A neuron is one output filter with its bias.
 *
 * The defaults (4 groups a layer, the full learning rate, the last half whole) did best in a check at 2 and 3 bits.
 */
export function neuronByNeuron(layers: readonly LayerShape[], options: NeuronByNeuronOptions): Plan {
  return planOf('neuron', layers, filterWalk(layers, options), 'all', { wholeShare: 0.5, ...options })
}
