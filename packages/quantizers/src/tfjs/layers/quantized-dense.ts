import * as tf from '@tensorflow/tfjs'
import { scaledProduct } from '../operations/scaled-product.js'
import type { QuantizationArgs } from './quantization-args.js'
import { QuantizedLayer } from './quantized-layer.js'

/** The arguments of `tf.layers.dense` and those of quantization. */
export type QuantizedDenseArgs = Parameters<typeof tf.layers.dense>[0] & QuantizationArgs

/** `tf.layers.dense` whose input and units can be quantized: see `QuantizedLayer` for what it computes. */
export class QuantizedDense extends QuantizedLayer {
  static className = 'QuantizedDense'

  constructor(args: QuantizedDenseArgs) {
    super(args, tf.layers.dense(args))
  }

  protected override accumulate(a: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor): tf.Tensor {
    if (a.rank === 2) return scaledProduct(a, kernel, bias, scale)
    const rows = tf.reshape(a, [-1, a.shape.at(-1)!])
    return tf.reshape(scaledProduct(rows, kernel, bias, scale), [...a.shape.slice(0, -1), this.filters])
  }
}

tf.serialization.registerClass(QuantizedDense)
