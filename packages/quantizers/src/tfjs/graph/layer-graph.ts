import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'

/** Something that flows between layers. Two values are the same only if they are the same object. */
export interface Value {
  readonly shape: tf.Shape
  readonly dtype: tf.DataType
}

/** One application of a layer; a layer that is shared has several. */
export interface Operation {
  readonly layer: tf.layers.Layer
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  /** Arguments that the layer was applied with, such as `training`. */
  readonly callArguments: tf.SymbolicTensor['callArgs']
}

/** A model as plain data: each operation stands after those that make its inputs. Models within it are taken apart. */
export interface LayerGraph {
  /** Input layers and what they give, in the model's order. */
  readonly inputs: readonly { readonly layer: tf.layers.Layer; readonly value: Value }[]
  readonly operations: readonly Operation[]
  readonly outputs: readonly Value[]
}

/**
 * Reads a functional or Sequential model.
 * @throws QuantizerError MODEL where the model has no inputs yet
 */
export function readGraph(model: tf.LayersModel): LayerGraph {
  if (model.inputs.length === 0) {
    throw new QuantizerError('MODEL', `readGraph(): model ${model.name} is not built, expected one with an input shape`)
  }
  const operations: Operation[] = []
  const inputs = model.inputs.map((tensor) => ({ layer: tensor.sourceLayer, value: placeholder(tensor) }))
  const outputs = readModel(
    model,
    inputs.map(({ value }) => value),
    operations,
  )
  return { inputs, operations, outputs }
}

/** Appends the operations of a model that is given these inputs; returns what it gives. */
function readModel(model: tf.LayersModel, inputs: readonly Value[], operations: Operation[]): Value[] {
  const values = new Map(model.inputs.map((tensor, i) => [tensor, inputs[i]!]))
  const read = (tensor: tf.SymbolicTensor): Value => {
    const known = values.get(tensor)
    if (known !== undefined) return known
    const layer = tensor.sourceLayer
    const node = layer.inboundNodes[tensor.nodeIndex]!
    const nodeInputs = node.inputTensors.map(read)
    let nodeOutputs: Value[]
    if (layer instanceof tf.LayersModel) {
      nodeOutputs = readModel(layer, nodeInputs, operations)
    } else {
      nodeOutputs = node.outputTensors.map(placeholder)
      operations.push({ layer, inputs: nodeInputs, outputs: nodeOutputs, callArguments: node.callArgs ?? {} })
    }
    node.outputTensors.forEach((output, i) => {
      values.set(output, nodeOutputs[i]!)
    })
    return values.get(tensor)!
  }
  return model.outputs.map(read)
}

/** How often each value is read, by operations and as an output of the model. */
export function countUses(graph: LayerGraph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>()
  for (const value of [...graph.operations.flatMap(({ inputs }) => inputs), ...graph.outputs]) {
    uses.set(value, (uses.get(value) ?? 0) + 1)
  }
  return uses
}

/** The operation that makes each value; inputs of the model have none. */
export function producers(graph: LayerGraph): ReadonlyMap<Value, Operation> {
  return new Map(graph.operations.flatMap((operation) => operation.outputs.map((value) => [value, operation] as const)))
}

/** Layers that the graph applies exactly once. */
export function layersAppliedOnce(graph: LayerGraph): ReadonlySet<tf.layers.Layer> {
  const seen = new Set<tf.layers.Layer>()
  const again = new Set<tf.layers.Layer>()
  for (const { layer } of graph.operations) (seen.has(layer) ? again : seen).add(layer)
  return new Set([...seen].filter((layer) => !again.has(layer)))
}

function placeholder({ shape, dtype }: tf.SymbolicTensor): Value {
  return { shape, dtype }
}
