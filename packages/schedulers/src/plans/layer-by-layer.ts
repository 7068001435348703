import { type LayerOrder, orderLayers } from './layer-order.js'
import { type LayerShape, type Plan, wholeLayer } from './plan.js'
import { planOf, type StagedPlanOptions } from './plan-of.js'

export interface LayerByLayerOptions extends StagedPlanOptions {
  readonly order?: LayerOrder
}

/**
 * Layer by layer (Sher et al. 2023, Algorithm 1): a layer's input and filters are quantized and frozen, what is still
 * float is fine-tuned, then comes the next layer. In the last stage only the layers that the plan leaves float train.
 *
 * The paper needs no straight-through estimator here because nothing trainable lies before a frozen layer. A float first
 * layer does lie before them and trains through it in our reading; set its `trainable` to false for the literal one.
 */
export function layerByLayer(
  layers: readonly LayerShape[],
  { order = 'forward', ...options }: LayerByLayerOptions,
): Plan {
  const contents = orderLayers(layers, order).map((layer) => ({ name: layer.name, quantize: [wholeLayer(layer)] }))
  return planOf('layer', layers, contents, 'rest', options)
}
