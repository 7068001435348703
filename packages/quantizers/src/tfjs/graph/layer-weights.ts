import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'

/** The name of a weight within its layer: `kernel` of `conv1/kernel`. */
export function weightName(weight: tf.LayerVariable): string {
  return weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1)
}

/**
 * Gives a layer copies of another one's weights: by name, or in their order where a layer has a name twice (as wrappers
 * have) and both have as many. Weights that the other layer has not stay as they are.
 */
export function copyWeights(from: tf.layers.Layer, to: tf.layers.Layer): void {
  const names = from.weights.map(weightName)
  if (new Set(names).size !== names.length) {
    to.weights.forEach((weight, i) => {
      write(weight, from.weights[i]!.read().dataSync())
    })
    return
  }
  for (const weight of to.weights) {
    const source = from.weights[names.indexOf(weightName(weight))]
    if (source !== undefined) write(weight, source.read().dataSync())
  }
}

/**
 * Writes weights by name.
 * @throws QuantizerError LAYER where the layer has no weight of a name
 */
export function writeWeights(layer: tf.layers.Layer, values: Readonly<Record<string, Float32Array>>): void {
  for (const [name, data] of Object.entries(values)) {
    const weight = layer.weights.find((candidate) => weightName(candidate) === name)
    if (weight === undefined) {
      const known = layer.weights.map(weightName).join(', ')
      throw new QuantizerError('LAYER', `writeWeights(): ${layer.name} has no weight ${name}, expected one of ${known}`)
    }
    write(weight, data)
  }
}

/** A copy, also of the memory: an optimizer that writes in place must not reach the other model. */
function write(weight: tf.LayerVariable, data: tf.TypedArray): void {
  const copy = tf.tensor(data.slice(), weight.shape as number[], weight.dtype)
  weight.write(copy)
  copy.dispose()
}
