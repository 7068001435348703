import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'
import type { Plan } from '../plans/plan.js'
import { SchedulerError } from '../scheduler-error.js'

/**
 * Checks that a model is what the loop can train and the plan was made for.
 *
 * @throws SchedulerError `MODEL`
 */
export function checkModel(model: tf.LayersModel, plan: Plan): void {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    fail(`the model has ${model.inputs.length} inputs and ${model.outputs.length} outputs; expected one of each`)
  }
  const shape = model.outputs[0]!.shape
  if (shape.length !== 2) fail(`the model's output has shape [${shape}]; expected logits [n, classes]`)
  const last = model.outputs[0]!.sourceLayer.getConfig()
  if (last.activation === 'softmax') fail("the model ends in 'softmax'; expected logits: the loss has the softmax")
  const names = model.weights.map((weight) => weight.originalName)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) fail(`two weights are called ${twice}; expected every name once`)

  const layers = new Map(quantizedLayers(model).map((layer) => [layer.name, layer]))
  for (const { name, filters } of plan.layers) {
    const layer = layers.get(name)
    if (layer === undefined)
      fail(`the plan quantizes ${name}; expected one of ${[...layers.keys()].join(', ') || 'none'}`)
    else if (layer.filters !== filters) {
      fail(`the plan quantizes ${filters} filters of ${name}; expected ${layer.filters}, as many as the layer has`)
    }
  }
}

function fail(message: string): never {
  throw new SchedulerError('MODEL', `train(): ${message}`)
}
