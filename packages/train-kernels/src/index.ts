export type { SimdPath } from './arithmetic.js'
export { type Adam, type AdamOptions, type AdamWOptions, adam, adamW } from './optimizers/adam.js'
export { type Sgd, type SgdOptions, sgd } from './optimizers/sgd.js'
export {
  registerTrainingKernels,
  type TrainingKernelOptions,
  type TrainingKernels,
} from './register-training-kernels.js'
export { TrainKernelsError, type TrainKernelsErrorCode } from './train-kernels-error.js'
