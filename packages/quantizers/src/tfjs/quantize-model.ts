import type * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../quantizer-error.js'
import { affine, levelsOf, type Precision } from '../scheme.js'
import { boundsOfLayer } from './activation-bounds.js'
import {
  countUses,
  type LayerGraph,
  layersAppliedOnce,
  type Operation,
  producers,
  readGraph,
} from './graph/layer-graph.js'
import { type Replacement, rewriteModel } from './graph/rewrite-model.js'
import type { LayerQuantizer, QuantizationArgs } from './layers/quantization-args.js'
import { QuantizedConv2D, type QuantizedConv2DArgs } from './layers/quantized-conv2d.js'
import { QuantizedDense, type QuantizedDenseArgs } from './layers/quantized-dense.js'

/** How fine, and which layers not. */
export type QuantizeModelOptions = Precision & {
  /** Levels of the weights where they are not as many as the inputs'; 3..256. */
  readonly weightLevels?: number
  /** Levels of the layers' inputs where they are not as many as the weights'; 3..256. */
  readonly inputLevels?: number
  /** A scale and zero point for each filter; otherwise one for each kernel. */
  readonly perChannel?: boolean
  /** Whether scales stay as they are estimated, or are trained from there ('lsq'); 'straightThrough' where absent. */
  readonly quantizer?: LayerQuantizer
  /** Names of layers that stay float. */
  readonly float?: readonly string[]
}

/**
 * A new model in which every conv2d and dense layer that `float` does not name is a `QuantizedConv2D` or `QuantizedDense` of
 * the same name and weights. Nothing is quantized yet: it computes what the old one computes, and `calibrate` or a schedule
 * goes on from there. A relu, relu6 or hardtanh that stands directly before such a layer, and nowhere else, becomes part of
 * it. The old model is not changed and shares no weights with the new one.
 * @throws QuantizerError BITS or LEVELS; LAYER where `float` names no layer, or a layer's data format is channelsFirst;
 * MODEL where the model has no input shape yet, or two layers of one name
 */
export function quantizeModel(model: tf.LayersModel, options: QuantizeModelOptions): tf.LayersModel {
  const { weightLevels, inputLevels, perChannel = false, quantizer = 'straightThrough', float = [] } = options
  const levels = levelsOf('quantizeModel', options)
  const graph = readGraph(model)
  checkNames(graph, float)
  const quantization = {
    quantizer,
    inputScheme: affine({ levels: inputLevels ?? levels }),
    weightScheme: affine({ levels: weightLevels ?? levels, axis: perChannel ? -1 : undefined }),
  }
  const activationBefore = absorbableActivations(graph)
  const replacements = new Map<tf.layers.Layer, Replacement>()
  for (const operation of graph.operations) {
    const { layer } = operation
    const make = quantizedCounterpart[layer.getClassName()]
    if (make === undefined || float.includes(layer.name) || replacements.has(layer)) continue
    const activation = activationBefore(operation)
    replacements.set(layer, {
      layer: make(layer.getConfig(), {
        ...quantization,
        inputActivation: activation === undefined ? null : boundsOfLayer(activation),
      }),
    })
    if (activation !== undefined) replacements.set(activation, 'bypass')
  }
  return rewriteModel(graph, replacements)
}

const quantizedCounterpart: Readonly<
  Record<string, (config: tf.serialization.ConfigDict, quantization: QuantizationArgs) => tf.layers.Layer>
> = {
  Conv2D: (config, quantization) => new QuantizedConv2D({ ...config, ...quantization } as QuantizedConv2DArgs),
  Dense: (config, quantization) => new QuantizedDense({ ...config, ...quantization } as QuantizedDenseArgs),
}

/** The clamping activation directly before an operation, where nothing else reads from it and neither layer is shared. */
function absorbableActivations(graph: LayerGraph): (operation: Operation) => tf.layers.Layer | undefined {
  const producerOf = producers(graph)
  const uses = countUses(graph)
  const once = layersAppliedOnce(graph)
  return ({ layer, inputs }) => {
    const activation = producerOf.get(inputs[0]!)?.layer
    return activation !== undefined &&
      boundsOfLayer(activation) !== null &&
      uses.get(inputs[0]!) === 1 &&
      once.has(activation) &&
      once.has(layer)
      ? activation
      : undefined
  }
}

function checkNames(graph: LayerGraph, names: readonly string[]): void {
  const known = graph.operations.map(({ layer }) => layer.name)
  for (const name of names) {
    if (!known.includes(name)) {
      throw new QuantizerError(
        'LAYER',
        `quantizeModel(): float names ${name}, which is no layer, expected one of ${known.join(', ')}`,
      )
    }
  }
}
