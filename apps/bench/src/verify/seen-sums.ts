import { combinedScale, rangeOfChannel } from '@lowbit/quantizers'
import { type QuantizedLayer, quantizedLayer, quantizedLayers } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'

/** A quantized model that also tells how large its integer sums become. */
export interface SumMeter {
  /** Logits of images, row by row. */
  run(images: tf.Tensor): Float32Array
  /** Largest |sum + bias| of any layer so far, as its output stands for it: rounded to an f32. */
  largest(): number
}

export function sumMeter(model: tf.LayersModel): SumMeter {
  const layers = quantizedLayers(model).map(({ name }) => quantizedLayer(model, name))
  const whole = tf.model({ inputs: model.inputs, outputs: [model.outputs[0]!, ...layers.map(outputOf)] })
  const scales = layers.map(scalesOf)
  let largest = 0
  return {
    run(images) {
      const [logits, ...outputs] = whole.predictOnBatch(images) as tf.Tensor[]
      for (const [i, output] of outputs.entries()) {
        largest = Math.max(largest, largestSum(output.dataSync<'float32'>(), scales[i]!))
      }
      const values = logits!.dataSync<'float32'>().slice()
      tf.dispose([logits!, ...outputs])
      return values
    },
    largest: () => largest,
  }
}

const outputOf = (layer: QuantizedLayer) => layer.output as tf.SymbolicTensor

/** What each filter's whole sums are multiplied by. */
function scalesOf({ name, filters, inputRange, weightRange }: QuantizedLayer): Float64Array {
  if (inputRange === null || weightRange === null) throw new TypeError(`${name} is not quantized`)
  return Float64Array.from({ length: filters }, (_, filter) =>
    combinedScale(inputRange.scale, rangeOfChannel(weightRange, filter).scale),
  )
}

/** @param output of pixels, each with a value for every filter */
function largestSum(output: Float32Array, scales: Float64Array): number {
  const filters = scales.length
  const largest = new Float64Array(filters)
  for (let at = 0; at < output.length; at += filters) {
    for (let filter = 0; filter < filters; filter++) {
      const size = Math.abs(output[at + filter]!)
      if (size > largest[filter]!) largest[filter] = size
    }
  }
  return Math.round(Math.max(...largest.map((size, filter) => size / scales[filter]!)))
}
