import { batchNorm, batchNormGradient, fusedBatchNorm } from './kernels/batch-norm.js'
import { conv2d, conv2dInputGradient, lowbitConv2d } from './kernels/conv2d.js'
import { conv2dFilterGradient } from './kernels/conv2d-filter-gradient.js'
import { depthwiseFilterGradient, depthwiseInputGradient } from './kernels/depthwise-gradients.js'
import { fusedConv2d } from './kernels/fused-conv2d.js'
import { cast, identity } from './kernels/identity.js'
import { batchMatMul, fusedMatMul } from './kernels/mat-mul.js'
import { maxPool, maxPoolGradient } from './kernels/max-pool.js'
import { adamStep, descentStep, momentumStep } from './kernels/optimizer-steps.js'
import { activation, activationGradient, quantize, quantizeGradient } from './kernels/quantize.js'
import { quantizeFilters, quantizeFiltersGradient } from './kernels/quantize-filters.js'
import { mean, sum } from './kernels/reduce.js'
import { relu, relu6 } from './kernels/relu.js'
import { rescale } from './kernels/rescale.js'
import { segmentSum } from './kernels/segment-sum.js'
import { pad, slice } from './kernels/slice.js'
import { softmaxCrossEntropy } from './kernels/softmax-cross-entropy.js'
import { tanh, tanhGradient } from './kernels/tanh.js'
import type { TrainingKernel } from './tfjs/training-kernel.js'

/** All kernels that are registered. */
export const trainingKernels: readonly TrainingKernel[] = [
  identity,
  cast,
  conv2d,
  conv2dInputGradient,
  conv2dFilterGradient,
  fusedConv2d,
  lowbitConv2d,
  quantize,
  quantizeGradient,
  activation,
  activationGradient,
  relu,
  relu6,
  rescale,
  tanh,
  tanhGradient,
  quantizeFilters,
  quantizeFiltersGradient,
  batchNorm,
  batchNormGradient,
  fusedBatchNorm,
  maxPool,
  maxPoolGradient,
  softmaxCrossEntropy,
  sum,
  mean,
  slice,
  pad,
  batchMatMul,
  fusedMatMul,
  segmentSum,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  adamStep,
  descentStep,
  momentumStep,
]
