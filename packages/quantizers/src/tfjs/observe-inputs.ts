import type * as tf from '@tensorflow/tfjs'
import { type Histogram, histogram, mergeHistograms } from '../histogram.js'
import { QuantizerError } from '../quantizer-error.js'
import { readGraph } from './graph/layer-graph.js'
import { runGraph } from './graph/run-graph.js'
import { QuantizedLayer } from './layers/quantized-layer.js'
import { quantizedLayers } from './quantized-layers.js'

/**
 * What the inputs of these layers are, for these images, as the model computes now: after the activation that a layer took
 * in and before its quantizer. One histogram for each name; that of a layer used in several places holds all of its inputs.
 * @param images a batch, or one for each input of the model
 * @param names all quantized layers where absent
 * @throws QuantizerError LAYER where no layer of a name can be quantized, VALUE where an input is not finite
 */
export async function observeInputs(
  model: tf.LayersModel,
  images: tf.Tensor | readonly tf.Tensor[],
  names: readonly string[] = quantizedLayers(model).map(({ name }) => name),
): Promise<Map<string, Histogram>> {
  const graph = readGraph(model)
  const wanted = graph.operations.filter(({ layer }) => names.includes(layer.name) && layer instanceof QuantizedLayer)
  const found = new Set(wanted.map(({ layer }) => layer.name))
  const missing = names.find((name) => !found.has(name))
  if (missing !== undefined) {
    throw new QuantizerError('LAYER', `observeInputs(): no quantized layer ${missing}, expected one of the model's`)
  }
  const histograms = new Map<string, Histogram>()
  let left = wanted.length
  await runGraph(graph, images, async (operation, [input]) => {
    if (left === 0) return false
    const { layer } = operation
    if (wanted.includes(operation) && layer instanceof QuantizedLayer) {
      const seen = await inputHistogram(layer, input!)
      const earlier = histograms.get(layer.name)
      histograms.set(layer.name, earlier === undefined ? seen : mergeHistograms(earlier, seen))
      left--
    }
    return left > 0
  })
  return histograms
}

/**
 * The histogram of a layer's input, after the activation that the layer took in.
 * @throws QuantizerError VALUE, with the layer's name
 */
export async function inputHistogram(layer: QuantizedLayer, input: tf.Tensor): Promise<Histogram> {
  const activated = layer.activateInput(input)
  try {
    return histogram((await activated.data()) as Float32Array)
  } catch (error) {
    if (!(error instanceof QuantizerError)) throw error
    throw new QuantizerError(error.code, `${error.message}, in the input of ${layer.name}`)
  } finally {
    if (activated !== input) activated.dispose()
  }
}
