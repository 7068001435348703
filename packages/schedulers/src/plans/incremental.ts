import { SchedulerError } from '../scheduler-error.js'
import type { LayerShape, Plan } from './plan.js'
import { planOf, type StagedPlanOptions } from './plan-of.js'

export interface IncrementalOptions extends StagedPlanOptions {
  /** Share of each layer's weights that is quantized after each stage: rising, the last one 1. */
  readonly fractions?: readonly number[]
}

/**
 * Incremental network quantization (Zhou et al. 2017, INQ): in all layers at once the weights of largest magnitude are
 * quantized and frozen, the rest is fine-tuned to make up for them, and so on until none is left. Inputs are quantized
 * in the first stage (INQ itself leaves activations float).
 */
export function incremental(
  layers: readonly LayerShape[],
  { fractions = [0.5, 0.75, 0.875, 1], ...options }: IncrementalOptions,
): Plan {
  const rises = fractions.every((fraction, i) => fraction > (fractions[i - 1] ?? 0))
  if (!rises || fractions.at(-1) !== 1) {
    throw new SchedulerError('OPTION', `incremental: fractions are [${fractions}]; expected them to rise from > 0 to 1`)
  }
  const contents = fractions.map((fraction, i) => ({
    name: `${(100 * fraction).toFixed(1).replace('.0', '')} %`,
    quantize: layers.map(({ name, filters }) => ({
      layer: name,
      filters: [0, filters] as const,
      input: i === 0,
      fraction,
    })),
  }))
  return planOf('incremental', layers, contents, 'rest', options)
}
