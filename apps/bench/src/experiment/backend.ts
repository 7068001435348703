import { registerTrainingKernels } from '@lowbit/train-kernels'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { BenchError } from '../bench-error.js'
import type { KernelPath } from './run-specification.js'

/** Makes tfjs compute on the wasm backend with our kernels; gives the backend's name. */
export async function useTrainingBackend(path: KernelPath): Promise<string> {
  tf.enableProdMode()
  if (!(await tf.setBackend('wasm'))) throw new BenchError('ENVIRONMENT', 'tfjs could not start its wasm backend')
  const registered = registerTrainingKernels({ path })
  if (registered.path !== path)
    throw new BenchError(
      'ENVIRONMENT',
      `this engine has no relaxed SIMD: expected Node 20.19 or later, or --kernels plain`,
    )
  return tf.getBackend()
}
