import { getKernel, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs'
import type { Epilogue } from '../convolution/correlation.js'
import type { KernelCall } from '../tfjs/training-kernel.js'
import { TrainKernelsError } from '../train-kernels-error.js'

/**
 * Runs a fused operation with attribute `activation`: `compute` gives bias and activation in its epilogue where it can have
 * them; the other activations follow by tfjs's own kernels.
 */
export function withActivation(
  call: KernelCall,
  compute: (epilogue: Epilogue) => TensorInfo | undefined,
): TensorInfo | TensorInfo[] | undefined {
  const activation = String(call.attrs.activation ?? 'linear')
  const own = activation === 'relu' || activation === 'relu6' ? activation : 'linear'
  const y = compute({ bias: call.inputs.bias !== undefined, scale: false, activation: own })
  if (!y || own === activation) return y
  const activated = activate(call, activation, y)
  call.backend.disposeData(y.dataId)
  return activated
}

function activate(
  { inputs, attrs, backend }: KernelCall,
  activation: string,
  x: TensorInfo,
): TensorInfo | TensorInfo[] {
  const kernels: Record<string, { name: string; inputs: NamedTensorInfoMap; attrs: NamedAttrMap }> = {
    elu: { name: 'Elu', inputs: { x }, attrs: {} },
    sigmoid: { name: 'Sigmoid', inputs: { x }, attrs: {} },
    leakyrelu: { name: 'LeakyRelu', inputs: { x }, attrs: { alpha: attrs.leakyreluAlpha ?? 0.2 } },
    prelu: { name: 'Prelu', inputs: { x, alpha: inputs.preluActivationWeights }, attrs: {} },
  }
  const kernel = kernels[activation]
  const registered = kernel && getKernel(kernel.name, 'wasm')
  if (registered) return registered.kernelFunc({ inputs: kernel.inputs, attrs: kernel.attrs, backend })
  throw new TrainKernelsError(
    'ARGUMENT',
    `activation: got ${activation}, expected linear, relu, relu6, ${Object.keys(kernels).join(', ')}`,
  )
}
