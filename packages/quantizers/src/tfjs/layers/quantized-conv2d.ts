import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { type ConvolutionGeometry, scaledConvolution } from '../operations/scaled-convolution.js'
import type { QuantizationArgs } from './quantization-args.js'
import { QuantizedLayer } from './quantized-layer.js'

/** The arguments of `tf.layers.conv2d`, with `dataFormat` 'channelsLast', and those of quantization. */
export type QuantizedConv2DArgs = Parameters<typeof tf.layers.conv2d>[0] & QuantizationArgs

/** `tf.layers.conv2d` whose input and filters can be quantized: see `QuantizedLayer` for what it computes. */
export class QuantizedConv2D extends QuantizedLayer {
  static className = 'QuantizedConv2D'
  readonly #geometry: ConvolutionGeometry

  constructor(args: QuantizedConv2DArgs) {
    const floatLayer = tf.layers.conv2d(args)
    super(args, floatLayer)
    this.#geometry = geometryOf(this.name, floatLayer.getConfig())
  }

  /** Strides, padding and dilations. */
  get geometry(): ConvolutionGeometry {
    return this.#geometry
  }

  protected override accumulate(a: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor): tf.Tensor {
    return scaledConvolution(a, kernel, bias, scale, this.#geometry)
  }
}

tf.serialization.registerClass(QuantizedConv2D)

function geometryOf(name: string, config: tf.serialization.ConfigDict): ConvolutionGeometry {
  const { dataFormat, padding } = config
  if (dataFormat !== 'channelsLast') {
    throw new QuantizerError('LAYER', `QuantizedConv2D: data format of ${name} is ${dataFormat}, expected channelsLast`)
  }
  if (padding !== 'same' && padding !== 'valid') {
    throw new QuantizerError('LAYER', `QuantizedConv2D: padding of ${name} is ${padding}, expected same or valid`)
  }
  return { padding, strides: pair(config.strides), dilations: pair(config.dilationRate) }
}

function pair(value: tf.serialization.ConfigDictValue | undefined): readonly [number, number] {
  const [height, width] = Array.isArray(value) ? value : [value, value]
  return [Number(height), Number(width)]
}
