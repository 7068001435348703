import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { customGradient } from './custom-gradient.js'
import { hasKernel, runKernel } from './registered-kernel.js'

/** Where the filters go over the image, NHWC. */
export interface ConvolutionGeometry {
  readonly strides: readonly [height: number, width: number]
  readonly padding: 'same' | 'valid'
  readonly dilations: readonly [height: number, width: number]
}

/**
 * `(conv(x, filter) + bias) * scale`: x [n, height, width, channels], filter [h, w, channels, filters], bias and scale
 * [filters]. On integers whose sums stay below 2^24 the result has the same bits in whatever order it is summed.
 *
 * Gradients: `filter`: filter gradient of (x, dy) * scale; `bias`: scale * sum(dy); `x`: input gradient of
 * (dy, filter * scale). `scale` counts as a constant (`carryScale` gives it a gradient).
 * @throws QuantizerError LAYER when a gradient is asked for a dilated convolution, which tfjs has none for
 */
export function scaledConvolution(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  scale: tf.Tensor,
  geometry: ConvolutionGeometry,
): tf.Tensor {
  const attributes = convolutionAttributes(geometry)
  return customGradient(
    [x, filter, bias],
    (save) => {
      save([x, filter, scale])
      return hasKernel('LowbitConv2D')
        ? runKernel('LowbitConv2D', { x, filter, bias, scale }, attributes)
        : tf.tidy(() => tf.mul(tf.add(runKernel('Conv2D', { x, filter }, attributes), bias), scale))
    },
    (dy, saved) => {
      const [x, filter, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor]
      if (geometry.dilations[0] !== 1 || geometry.dilations[1] !== 1) {
        throw new QuantizerError(
          'LAYER',
          `scaledConvolution(): dilations are [${geometry.dilations}], expected [1,1]: tfjs has no gradient for others`,
        )
      }
      return tf.tidy(() => [
        runKernel('Conv2DBackpropInput', { dy, filter: tf.mul(filter, scale) }, { ...attributes, inputShape: x.shape }),
        tf.mul(runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }), scale),
        tf.mul(tf.sum(dy, [0, 1, 2]), scale),
      ])
    },
  )
}

function convolutionAttributes({ strides, padding, dilations }: ConvolutionGeometry) {
  return {
    strides: [...strides],
    pad: padding,
    dataFormat: 'NHWC',
    dilations: [...dilations],
  }
}
