import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { cloneLayer } from './clone-layer.js'
import type { LayerGraph, Value } from './layer-graph.js'
import { copyWeights, writeWeights } from './layer-weights.js'

/** What a layer of the old model becomes in the new one. */
export type Replacement =
  /** Nothing: what it was given goes to those that read from it. */
  | 'bypass'
  /** Another layer, fresh, with these weights; by name from the old layer where none are given. */
  | { readonly layer: tf.layers.Layer; readonly weights?: Readonly<Record<string, Float32Array>> }

/**
 * A new model from the graph of an old one: layers with a replacement become that, all others are cloned with their
 * weights, under their names. The old model and the new one share no tensor.
 * @throws QuantizerError MODEL where two layers have one name
 */
export function rewriteModel(
  graph: LayerGraph,
  replacements: ReadonlyMap<tf.layers.Layer, Replacement> = new Map(),
): tf.LayersModel {
  checkNames(graph)
  const tensors = new Map<Value, tf.SymbolicTensor>()
  const inputs = graph.inputs.map(({ layer, value }) => {
    const tensor = tf.input({ name: layer.name, batchShape: value.shape, dtype: value.dtype })
    tensors.set(value, tensor)
    return tensor
  })
  const made = new Map<tf.layers.Layer, tf.layers.Layer>()
  for (const { layer, inputs, outputs, callArguments } of graph.operations) {
    const replacement = replacements.get(layer)
    if (replacement === 'bypass') {
      tensors.set(outputs[0]!, tensors.get(inputs[0]!)!)
      continue
    }
    const first = !made.has(layer)
    const target = made.get(layer) ?? replacement?.layer ?? cloneLayer(layer)
    made.set(layer, target)
    const given = inputs.map((value) => tensors.get(value)!)
    const result = target.apply(given.length === 1 ? given[0]! : given, callArguments)
    ;(Array.isArray(result) ? result : [result]).forEach((tensor, i) => {
      tensors.set(outputs[i]!, tensor as tf.SymbolicTensor)
    })
    if (!first) continue
    if (replacement?.weights === undefined) copyWeights(layer, target)
    else writeWeights(target, replacement.weights)
  }
  return tf.model({ inputs, outputs: graph.outputs.map((value) => tensors.get(value)!) })
}

function checkNames({ inputs, operations }: LayerGraph): void {
  const named = new Map<string, tf.layers.Layer>()
  for (const { layer } of [...inputs, ...operations]) {
    if ((named.get(layer.name) ?? layer) !== layer) {
      throw new QuantizerError('MODEL', `rewriteModel(): two layers are named ${layer.name}, expected each name once`)
    }
    named.set(layer.name, layer)
  }
}
