import { type LayerShape, type Plan, wholeLayer } from './plan.js'
import { type PlanOptions, planOf } from './plan-of.js'

/**
 * Direct quantization: every layer at once, then all steps train the quantized network through the straight-through
 * estimator. The baseline that the paper compares with.
 */
export function direct(layers: readonly LayerShape[], options: PlanOptions): Plan {
  return planOf('direct', layers, [{ name: 'all layers', quantize: layers.map(wholeLayer) }], 'all', options)
}
