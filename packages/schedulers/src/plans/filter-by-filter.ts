import { type FilterWalk, filterWalk } from './filter-walk.js'
import type { LayerShape, Plan } from './plan.js'
import { planOf, type StagedPlanOptions } from './plan-of.js'

export interface FilterByFilterOptions extends StagedPlanOptions, FilterWalk {}

/**
 * Filter by filter (Sher et al. 2023, Algorithm 2; the paper's name, our body): a layer's input is quantized, then its
 * filters group by group; a quantized filter is frozen, the rest is fine-tuned.
 */
export function filterByFilter(layers: readonly LayerShape[], options: FilterByFilterOptions): Plan {
  return planOf('filter', layers, filterWalk(layers, options), 'rest', options)
}
