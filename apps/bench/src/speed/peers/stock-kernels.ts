import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

/**
 * The least that tfjs-backend-wasm 4.22 lacks for training a convolutional network, made of what it has: what a user without
 * @lowbit/train-kernels would write. Its slow kernels stay as they are.
 */
export function registerStockKernels(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D }
      const { filterShape, strides, pad } = attrs!
      return filterGradient(x, dy, filterShape as FilterShape, strides as Strides, pad as Padding)
    },
  })
}

type FilterShape = [height: number, width: number, inputs: number, outputs: number]
type Strides = number | [height: number, width: number]
type Padding = 'same' | 'valid' | number

/**
 * dW[r, s, i, o] = sum over n, y, x of image[n, y * stride + r, x * stride + s, i] * dy[n, y, x, o]: a convolution of the image, whose
 * channels become the batch and whose batch becomes the channels, with dy as a filter, spread by the stride.
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: FilterShape, strides: Strides, pad: Padding) {
  const convolution = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad)
  const { strideHeight, strideWidth } = convolution
  return tf.tidy(() => {
    const image = tf.transpose(whatIsRead(x, convolution), [3, 1, 2, 0])
    const filter = tf.transpose(dy, [1, 2, 0, 3])
    const gradient = tf.conv2d<tf.Tensor4D>(image, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth])
    return tf.transpose(gradient, [1, 2, 0, 3])
  })
}

/** The image with its padding, without the rows and columns at its end that no position of the filter reaches. */
function whatIsRead(x: tf.Tensor4D, convolution: tf.backend_util.Conv2DInfo): tf.Tensor4D {
  const { batchSize, inChannels, padInfo } = convolution
  const { inHeight, outHeight, strideHeight, filterHeight } = convolution
  const { inWidth, outWidth, strideWidth, filterWidth } = convolution
  const height = (outHeight - 1) * strideHeight + filterHeight - padInfo.top
  const width = (outWidth - 1) * strideWidth + filterWidth - padInfo.left
  const inside: [number, number, number, number] = [
    batchSize,
    Math.min(height, inHeight),
    Math.min(width, inWidth),
    inChannels,
  ]
  return tf.pad4d(x.slice([0, 0, 0, 0], inside), [
    [0, 0],
    [padInfo.top, Math.max(height - inHeight, 0)],
    [padInfo.left, Math.max(width - inWidth, 0)],
    [0, 0],
  ])
}
