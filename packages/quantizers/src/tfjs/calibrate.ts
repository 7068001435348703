import type * as tf from '@tensorflow/tfjs'
import type { Estimator } from '../estimator.js'
import { mmse } from '../mmse.js'
import { estimateWeightRange } from './estimate-weight-range.js'
import { readGraph } from './graph/layer-graph.js'
import { runGraph } from './graph/run-graph.js'
import { QuantizedLayer } from './layers/quantized-layer.js'
import { inputHistogram } from './observe-inputs.js'
import { quantizeFilters, quantizeInput } from './quantization-state.js'

/**
 * Quantizes a model without training: layer after layer in forward order, the input's range estimated from what the layers
 * before it, already quantized, give for these images, and the weights' range from the weights. Ranges that a layer had
 * before are replaced. A layer used in several places gets the range of its first input.
 * @param images a batch of a few hundred is enough; or one tensor for each input of the model
 * @param estimator how ranges are found; least squared error where absent
 * @throws QuantizerError VALUE where an input or a weight is not finite
 */
export async function calibrate(
  model: tf.LayersModel,
  images: tf.Tensor | readonly tf.Tensor[],
  { estimator = mmse }: { readonly estimator?: Estimator } = {},
): Promise<void> {
  const done = new Set<tf.layers.Layer>()
  await runGraph(readGraph(model), images, async ({ layer }, [input]) => {
    if (layer instanceof QuantizedLayer && !done.has(layer)) {
      quantizeInput(layer, estimator(await inputHistogram(layer, input!), layer.inputScheme))
      quantizeFilters(layer, { from: 0, to: layer.filters }, await estimateWeightRange(layer, estimator))
      done.add(layer)
    }
    return true
  })
}
