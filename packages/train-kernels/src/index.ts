export type { SimdPath } from './arithmetic.js'
export {
  registerTrainingKernels,
  type TrainingKernelOptions,
  type TrainingKernels,
} from './register-training-kernels.js'
export { TrainKernelsError, type TrainKernelsErrorCode } from './train-kernels-error.js'
