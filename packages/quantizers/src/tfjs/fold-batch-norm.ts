import type * as tf from '@tensorflow/tfjs'
import { foldIntoKernel } from '../fold-batch-norm.js'
import { cloneLayer } from './graph/clone-layer.js'
import { countUses, layersAppliedOnce, type Operation, producers, readGraph, type Value } from './graph/layer-graph.js'
import { weightName } from './graph/layer-weights.js'
import { type Replacement, rewriteModel } from './graph/rewrite-model.js'

/**
 * A new model in which every batch norm that directly follows a conv2d, depthwiseConv2d or dense layer is folded into it;
 * that layer then has a bias. In inference mode both models compute the same but for rounding (the factors are computed in
 * double precision and the new weights rounded once).
 *
 * Left as they are: batch norms whose layer has an activation of its own, is used elsewhere too, or gives an output of the
 * model; and those over another axis than the last. The old model is not changed and shares no weights with the new one.
 * @throws QuantizerError VALUE where a variance is negative beyond epsilon; MODEL where the model has no input shape yet, or two layers of one name
 */
export function foldBatchNorm(model: tf.LayersModel): tf.LayersModel {
  const graph = readGraph(model)
  const producerOf = producers(graph)
  const uses = countUses(graph)
  const once = layersAppliedOnce(graph)
  const replacements = new Map<tf.layers.Layer, Replacement>()
  for (const { layer, inputs } of graph.operations) {
    const producer = producerOf.get(inputs[0]!)
    if (
      producer !== undefined &&
      isLastAxisBatchNorm(layer, inputs[0]!) &&
      isFoldable(producer) &&
      uses.get(inputs[0]!) === 1 &&
      once.has(layer) &&
      once.has(producer.layer)
    ) {
      replacements.set(producer.layer, foldedLayer(producer.layer, layer))
      replacements.set(layer, 'bypass')
    }
  }
  return rewriteModel(graph, replacements)
}

/** The kernels of layers that can be folded into: output channel = index in the kernel modulo the number of channels. */
const kernelNames: Readonly<Record<string, string>> = {
  Conv2D: 'kernel',
  DepthwiseConv2D: 'depthwise_kernel',
  Dense: 'kernel',
}

function isFoldable({ layer }: Operation): boolean {
  const { activation, dataFormat = 'channelsLast' } = layer.getConfig()
  return layer.getClassName() in kernelNames && activation === 'linear' && dataFormat === 'channelsLast'
}

function isLastAxisBatchNorm(layer: tf.layers.Layer, { shape }: Value): boolean {
  if (layer.getClassName() !== 'BatchNormalization') return false
  const axis = Number(layer.getConfig().axis)
  return axis === -1 || axis === shape.length - 1
}

function foldedLayer(layer: tf.layers.Layer, batchNorm: tf.layers.Layer): Replacement {
  const kernelName = kernelNames[layer.getClassName()]!
  const { [kernelName]: kernel, bias } = weightsByName(layer)
  const { gamma, beta, moving_mean, moving_variance } = weightsByName(batchNorm)
  const folded = foldIntoKernel({
    kernel: kernel!,
    bias,
    gamma,
    beta,
    mean: moving_mean!,
    variance: moving_variance!,
    epsilon: Number(batchNorm.getConfig().epsilon),
  })
  return {
    layer: cloneLayer(layer, { useBias: true }),
    weights: { [kernelName]: folded.kernel, bias: folded.bias },
  }
}

function weightsByName(layer: tf.layers.Layer): Partial<Record<string, Float32Array>> {
  return Object.fromEntries(
    layer.weights.map((weight) => [weightName(weight), weight.read().dataSync<'float32'>().slice()]),
  )
}
