import { readSafetensors } from '@lowbit/safetensors'
import type * as tf from '@tensorflow/tfjs'
import { ModelError } from './model-error.js'
import { type Assignment, assignWeights, sizes } from './weights.js'

/** tfjs's name of a weight within its layer -> PyTorch's name of the parameter or buffer within its module. */
const parameterNames: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}

/**
 * Fills a model whose layers carry PyTorch's module names with a PyTorch `state_dict`, saved as safetensors: convolutions OIHW ->
 * HWIO, linear layers [out, in] -> [in, out]. All or nothing: the file has to hold every weight of the model in its shape, as F32,
 * and nothing else but `num_batches_tracked`.
 *
 * @throws ModelError `WEIGHTS` where it does not, or where a linear layer reads a flattened image (channels come first there);
 * SafetensorsError where the bytes are no safetensors file
 */
export function loadPyTorchWeights(model: tf.LayersModel, bytes: Uint8Array): void {
  const tensors = new Map(readSafetensors(bytes).tensors)
  for (const name of tensors.keys()) if (name.endsWith('.num_batches_tracked')) tensors.delete(name)
  assignWeights(
    'loadPyTorchWeights()',
    tensors,
    model.layers.flatMap((layer) => layer.weights.map((weight) => assignment(layer, weight))),
  )
}

function assignment(layer: tf.layers.Layer, weight: Assignment['weight']): Assignment {
  const own = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1)
  const parameter = parameterNames[own]
  if (parameter === undefined) {
    throw new ModelError('WEIGHTS', `loadPyTorchWeights() cannot name ${weight.originalName} in PyTorch's terms`)
  }
  const name = `${layer.name}.${parameter}`
  const shape = sizes(weight)
  if (own !== 'kernel') return { weight, name, shape, toTfjs: (value) => value }
  switch (layer.getClassName()) {
    case 'Conv2D': {
      const [height, width, channels, filters] = shape as [number, number, number, number]
      return { weight, name, shape: [filters, channels, height, width], toTfjs: (oihw) => oihw.transpose([2, 3, 1, 0]) }
    }
    case 'Dense':
      refuseFlattenedImage(layer)
      return { weight, name, shape: shape.toReversed(), toTfjs: (outIn) => outIn.transpose() }
    default:
      throw new ModelError(
        'WEIGHTS',
        `loadPyTorchWeights() layer ${layer.name} is a ${layer.getClassName()}; expected Conv2D, Dense or BatchNormalization`,
      )
  }
}

/** The inputs of a linear layer behind a flattened image stand in another order in PyTorch, channels first. */
function refuseFlattenedImage(dense: tf.layers.Layer): void {
  for (const before of dense.inboundNodes.flatMap((node) => node.inboundLayers)) {
    const [, ...shape] = before.inboundNodes[0]?.inputTensors[0]?.shape ?? []
    if (before.getClassName() === 'Flatten' && shape.slice(0, -1).some((size) => size !== 1)) {
      throw new ModelError(
        'WEIGHTS',
        `loadPyTorchWeights() layer ${dense.name} reads a flattened image [${shape}]; expected a pooled one`,
      )
    }
  }
}
