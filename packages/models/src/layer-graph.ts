import type * as tf from '@tensorflow/tfjs'

/** One call of a layer: a node of a model's graph. */
export interface LayerCall {
  readonly layer: tf.layers.Layer
  /** What the layer is called on, in order. */
  readonly inputs: readonly LayerCall[]
  /** Of what it gives, for one image; null where the model leaves a size open. */
  readonly shape: readonly (number | null)[]
}

/** The calls that make a model's outputs, every one after those that it reads. */
export function layerGraph(model: tf.LayersModel): readonly LayerCall[] {
  const calls = new Map<object, LayerCall>()
  const visit = (tensor: tf.SymbolicTensor): LayerCall => {
    const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex]!
    const known = calls.get(node)
    if (known !== undefined) return known
    // An input layer's node reads the tensor that it makes.
    const inputs = node.inboundLayers.length === 0 ? [] : node.inputTensors.map(visit)
    const call = { layer: tensor.sourceLayer, inputs, shape: tensor.shape.slice(1) }
    calls.set(node, call)
    return call
  }
  model.outputs.forEach(visit)
  return [...calls.values()]
}
