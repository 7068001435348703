import { input, type TrainingKernel } from '../tfjs/training-kernel.js'

/**
 * The same values under another tensor: tfjs's wasm backend copies them, though it counts references. Every tensor that a
 * gradient keeps goes through here.
 */
export const identity: TrainingKernel = {
  name: 'Identity',
  run(call) {
    const { dataId, shape, dtype } = input(call, 'x')
    if (dtype === 'string') return undefined
    call.backend.incRef(dataId)
    return { dataId, shape, dtype }
  },
}
