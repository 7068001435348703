import { conv2d, conv2dInputGradient, lowbitConv2d } from './kernels/conv2d.js'
import { conv2dFilterGradient } from './kernels/conv2d-filter-gradient.js'
import { fusedConv2d } from './kernels/fused-conv2d.js'
import type { TrainingKernel } from './training-kernel.js'

/** All kernels that are registered. */
export const trainingKernels: readonly TrainingKernel[] = [
  conv2d,
  conv2dInputGradient,
  conv2dFilterGradient,
  lowbitConv2d,
  fusedConv2d,
]
