import type { TensorInfo } from '@tensorflow/tfjs'
import { input, type KernelCall, type TrainingKernel } from '../tfjs/training-kernel.js'

/**
 * The same values under another tensor: tfjs's wasm backend copies them, though it counts references. Every tensor that a
 * gradient keeps goes through here.
 */
export const identity: TrainingKernel = {
  name: 'Identity',
  run: (call) => shared(call, input(call, 'x')),
}

/** To the type that the values already have: the gradient of a clone. Other types are left to tfjs. */
export const cast: TrainingKernel = {
  name: 'Cast',
  run(call) {
    const x = input(call, 'x')
    return x.dtype === call.attrs.dtype ? shared(call, x) : undefined
  },
}

function shared({ backend }: KernelCall, { dataId, shape, dtype }: TensorInfo): TensorInfo | undefined {
  if (dtype === 'string') return undefined
  backend.incRef(dataId)
  return { dataId, shape, dtype }
}
