import type { TrainingKernel } from '../tfjs/training-kernel.js'
import { withActivation } from './activate.js'
import { convolve } from './conv2d.js'

/**
 * activation(convolution + bias) of inference: on every path each product and each sum is rounded, from +0 over kernel rows,
 * kernel columns and input channels ascending, the bias last.
 */
export const fusedConv2d: TrainingKernel = {
  name: 'FusedConv2D',
  run: (call) => withActivation(call, (epilogue) => convolve(call, 'twice', epilogue)),
}
