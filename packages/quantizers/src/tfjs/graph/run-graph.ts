import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { countUses, type LayerGraph, type Operation, type Value } from './layer-graph.js'

/**
 * Applies the layers one after another in inference mode, each once, and calls `visit` before each with its inputs.
 * Stops early where `visit` gives false. Values are let go as soon as nothing reads them any more.
 * @throws QuantizerError MODEL where there are not as many tensors as the model has inputs
 */
export async function runGraph(
  graph: LayerGraph,
  inputs: tf.Tensor | readonly tf.Tensor[],
  visit: (operation: Operation, inputs: readonly tf.Tensor[]) => Promise<boolean>,
): Promise<void> {
  const given = inputs instanceof tf.Tensor ? [inputs] : inputs
  if (given.length !== graph.inputs.length) {
    throw new QuantizerError('MODEL', `runGraph(): ${given.length} tensors, expected ${graph.inputs.length}`)
  }
  const uses = new Map(countUses(graph))
  const live = new Map<Value, tf.Tensor>()
  const release = (value: Value) => {
    live.get(value)?.dispose()
    live.delete(value)
  }
  try {
    graph.inputs.forEach(({ value }, i) => {
      live.set(value, given[i]!.clone())
    })
    for (const operation of graph.operations) {
      const operands = operation.inputs.map((value) => live.get(value)!)
      if (!(await visit(operation, operands))) return
      const outputs = tf.tidy(() => applyLayer(operation, operands))
      operation.outputs.forEach((value, i) => {
        live.set(value, outputs[i]!)
      })
      for (const value of operation.inputs) {
        uses.set(value, uses.get(value)! - 1)
        if (uses.get(value) === 0) release(value)
      }
    }
  } finally {
    for (const value of [...live.keys()]) release(value)
  }
}

function applyLayer({ layer, callArguments }: Operation, operands: tf.Tensor[]): tf.Tensor[] {
  const result = layer.apply(operands.length === 1 ? operands[0]! : operands, { ...callArguments, training: false })
  return (Array.isArray(result) ? result : [result]) as tf.Tensor[]
}
