import { getKernel, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs'
import type { Epilogue } from '../correlation.js'
import type { KernelCall, TrainingKernel } from '../training-kernel.js'
import { convolve } from './conv2d.js'

/**
 * activation(convolution + bias) of inference: on every path each product and each sum is rounded, from +0 over kernel rows,
 * kernel columns and input channels ascending, the bias last.
 */
export const fusedConv2d: TrainingKernel = {
  name: 'FusedConv2D',
  run(call) {
    const activation = String(call.attrs.activation ?? 'linear')
    const inEpilogue = activation === 'relu' || activation === 'relu6' ? activation : 'linear'
    const epilogue: Epilogue = { bias: call.inputs.bias !== undefined, scale: false, activation: inEpilogue }
    const y = convolve(call, 'twice', epilogue)
    if (!y || inEpilogue === activation) return y
    const activated = activate(call, y)
    call.backend.disposeData(y.dataId)
    return activated
  },
}

/** The activations that the epilogue does not have, by tfjs's own kernels. */
function activate({ inputs, attrs, backend }: KernelCall, x: TensorInfo): TensorInfo | TensorInfo[] {
  const others: Record<string, { kernel: string; inputs: NamedTensorInfoMap; attrs?: NamedAttrMap }> = {
    elu: { kernel: 'Elu', inputs: { x } },
    sigmoid: { kernel: 'Sigmoid', inputs: { x } },
    leakyrelu: { kernel: 'LeakyRelu', inputs: { x }, attrs: { alpha: attrs.leakyreluAlpha ?? 0.2 } },
    prelu: { kernel: 'Prelu', inputs: { x, alpha: inputs.preluActivationWeights } },
  }
  const activation = others[String(attrs.activation)]
  const kernel = activation && getKernel(activation.kernel, 'wasm')
  if (!kernel)
    throw new Error(
      `FusedConv2D: got activation ${String(attrs.activation)}, expected linear, relu, relu6, elu, sigmoid, leakyrelu or prelu`,
    )
  return kernel.kernelFunc({ inputs: activation.inputs, backend, ...(activation.attrs && { attrs: activation.attrs }) })
}
