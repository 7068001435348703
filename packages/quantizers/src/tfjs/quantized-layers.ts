import type * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../quantizer-error.js'
import { readGraph } from './graph/layer-graph.js'
import { QuantizedLayer } from './layers/quantized-layer.js'

/** The layers of a model that can be quantized, in forward order. */
export function quantizedLayers(model: tf.LayersModel): QuantizedLayer[] {
  const layers = readGraph(model).operations.map(({ layer }) => layer)
  return [...new Set(layers.filter((layer) => layer instanceof QuantizedLayer))]
}

/**
 * The layer of this name.
 * @throws QuantizerError LAYER where no layer of that name can be quantized
 */
export function quantizedLayer(model: tf.LayersModel, name: string): QuantizedLayer {
  const layers = quantizedLayers(model)
  const found = layers.find((layer) => layer.name === name)
  if (found === undefined) {
    const names = layers.map((layer) => layer.name).join(', ')
    throw new QuantizerError('LAYER', `quantizedLayer(): no quantized layer ${name}, expected one of ${names}`)
  }
  return found
}
