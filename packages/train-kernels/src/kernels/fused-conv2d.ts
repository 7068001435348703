import { roundingOf } from '../arithmetic.js'
import type { TrainingKernel } from '../tfjs/training-kernel.js'
import { withActivation } from './activate.js'
import { convolve } from './conv2d.js'

/**
 * activation(convolution + bias). In inference each product and each sum is rounded on every path, from +0 over kernel rows,
 * kernel columns and input channels ascending, the bias last; where gradients are recorded the path's own arithmetic rounds.
 */
export const fusedConv2d: TrainingKernel = {
  name: 'FusedConv2D',
  run: (call, path) => withActivation(call, (epilogue) => convolve(call, roundingOf(path), epilogue)),
}
