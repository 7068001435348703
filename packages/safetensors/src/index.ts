export { SafetensorsError, type SafetensorsErrorCode } from './error.js'
export { readSafetensors, type Safetensors } from './read.js'
export type { Dtype, Tensor, TensorData } from './tensor.js'
export { writeSafetensors } from './write.js'
