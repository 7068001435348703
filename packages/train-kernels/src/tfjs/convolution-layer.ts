import * as tf from '@tensorflow/tfjs'
import { isRecorded } from '../arithmetic.js'
import { replaceCall } from './replace-call.js'

/** What is used of the class behind `tf.layers.conv2d`, which tfjs does not export. */
interface Convolution extends tf.layers.Layer {
  readonly kernel: tf.LayerVariable
  /** `null` where the layer has none. */
  readonly bias: tf.LayerVariable | null
  readonly activation: { getClassName(): string }
  readonly strides: [number, number]
  readonly padding: 'same' | 'valid'
  readonly dataFormat: 'channelsFirst' | 'channelsLast'
  readonly dilationRate: number | [number, number]
}

/**
 * Lets every `tf.layers.conv2d` without an activation have its gradients one by one where the active backend has our kernels:
 * tfjs's fused convolution computes those of the input, the filter and the bias together, also in a network's first layer, whose
 * input needs none, and for filters that are frozen. Returns what undoes this.
 */
export function separateConvolutionGradients(): () => void {
  tf.registerGradient(gradient)
  const restoreLayers = replaceCall<Convolution>(
    tf.layers.conv2d({ filters: 1, kernelSize: 1, name: 'class_of_conv2d' }),
    (original) =>
      function (inputs, kwargs) {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs
        return isRecorded() && isSeparable(this, x) ? convolve(this, x) : original.call(this, inputs, kwargs)
      },
  )
  return () => {
    restoreLayers()
    tf.unregisterGradient(gradient.kernelName)
  }
}

function isSeparable({ activation, dataFormat, dilationRate }: Convolution, x: tf.Tensor): boolean {
  return (
    activation.getClassName() === 'linear' &&
    dataFormat === 'channelsLast' &&
    [dilationRate].flat().every((rate) => rate === 1) &&
    x.dtype === 'float32' &&
    x.rank === 4 &&
    x.size > 0 &&
    tf.getKernel('LowbitConv2D', tf.getBackend()) !== undefined
  )
}

function convolve({ kernel, bias, strides, padding }: Convolution, x: tf.Tensor): tf.Tensor {
  return tf
    .engine()
    .runKernel<tf.Tensor>(
      gradient.kernelName,
      { x, filter: kernel.read(), ...(bias && { bias: bias.read() }) },
      { strides, pad: padding, dataFormat: 'NHWC', dilations: 1, activation: 'linear' },
    )
}

/** tfjs itself never looks for it: its fused convolution is recorded as an operation with gradients of its own. */
const gradient: tf.GradConfig = {
  kernelName: 'FusedConv2D',
  inputsToSave: ['x', 'filter'],
  gradFunc(dy, saved, attrs) {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor]
    const error = dy as tf.Tensor
    const run = (name: string, inputs: tf.NamedTensorMap, shapes: tf.NamedAttrMap) =>
      tf.engine().runKernel<tf.Tensor>(name, inputs, { ...(attrs as tf.NamedAttrMap), ...shapes })
    return {
      x: () => run('Conv2DBackpropInput', { dy: error, filter }, { inputShape: x.shape }),
      filter: () => run('Conv2DBackpropFilter', { x, dy: error }, { filterShape: filter.shape }),
      bias: () => tf.sum(error, [0, 1, 2]),
    }
  },
}
