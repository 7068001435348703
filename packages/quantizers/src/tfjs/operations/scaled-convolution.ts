import * as tf from '@tensorflow/tfjs'
import { QuantizerError } from '../../quantizer-error.js'
import { separateGradients } from './custom-gradient.js'
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
 * @throws QuantizerError LAYER when a gradient for `x` or `filter` is asked of a dilated convolution, which tfjs has none for
 */
export function scaledConvolution(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  scale: tf.Tensor,
  geometry: ConvolutionGeometry,
): tf.Tensor {
  const attributes = convolutionAttributes(geometry)
  return separateGradients(
    [x, filter, bias],
    (save) => {
      save([x, filter, scale])
      return hasKernel('LowbitConv2D')
        ? runKernel('LowbitConv2D', { x, filter, bias, scale }, attributes)
        : tf.tidy(() => tf.mul(tf.add(runKernel('Conv2D', { x, filter }, attributes), bias), scale))
    },
    [
      (dy, [x, filter, scale]) => {
        checkDilations(geometry)
        const scaled = tf.mul(filter!, scale!)
        return runKernel('Conv2DBackpropInput', { dy, filter: scaled }, { ...attributes, inputShape: x!.shape })
      },
      (dy, [x, filter, scale]) => {
        checkDilations(geometry)
        const gradient = runKernel('Conv2DBackpropFilter', { x: x!, dy }, { ...attributes, filterShape: filter!.shape })
        return tf.mul(gradient, scale!)
      },
      (dy, [, , scale]) => tf.mul(tf.sum(dy, [0, 1, 2]), scale!),
    ],
  )
}

function checkDilations({ dilations }: ConvolutionGeometry): void {
  if (dilations[0] === 1 && dilations[1] === 1) return
  throw new QuantizerError(
    'LAYER',
    `scaledConvolution(): dilations are [${dilations}], expected [1,1]: tfjs has no gradient for others`,
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
