import {
  findBackend,
  findBackendFactory,
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs'
import { type SimdPath, simdPath } from './arithmetic.js'
import { trainingKernels } from './kernels.js'
import { fuseBatchNormLayers } from './tfjs/batch-norm-layer.js'
import { separateConvolutionGradients } from './tfjs/convolution-layer.js'
import { fuseReluGradients } from './tfjs/relu-gradients.js'
import { fuseRescalingLayers } from './tfjs/rescaling-layer.js'
import { freeScratch } from './tfjs/scratch.js'
import { kernelFunction } from './tfjs/training-kernel.js'
import { wasmBackend } from './tfjs/wasm-backend.js'

export interface TrainingKernelOptions {
  /** `relaxed` where the engine has relaxed SIMD, unless the other is asked for. Each path gives the same bits everywhere. */
  readonly path?: SimdPath
}

export interface TrainingKernels {
  readonly path: SimdPath
  /** The kernels in place, none where tfjs has no wasm backend. */
  readonly kernels: readonly string[]
  /** Puts back what was registered before, and gives scratch memory back to tfjs's heap. */
  unregister(): void
}

const backendName = 'wasm'

let registered: TrainingKernels | undefined

/**
 * Gives tfjs's wasm backend the kernels that training needs. Other backends stay as they are; the kernels wait for the wasm
 * backend to become the active one, and so do the layers of `tf.layers.batchNormalization`, whose training becomes one
 * operation, those of `tf.layers.conv2d` and `tf.layers.rescaling`, and the gradients of relu and relu6. Import
 * `@tensorflow/tfjs-backend-wasm` first: without it nothing is registered. Called
 * again with the same path it changes nothing; with the other path it changes over.
 *
 * @throws TrainKernelsError `ARGUMENT` where the path asked for is unknown or the engine lacks it
 */
export function registerTrainingKernels(options: TrainingKernelOptions = {}): TrainingKernels {
  const path = simdPath(options.path)
  if (registered?.path === path) return registered
  registered?.unregister()
  if (!findBackendFactory(backendName)) return { path, kernels: [], unregister: () => {} }
  const replaced = trainingKernels.map((kernel) => {
    const before = getKernel(kernel.name, backendName)
    replaceKernel(kernel.name, {
      kernelName: kernel.name,
      backendName,
      kernelFunc: kernelFunction(kernel, path, before?.kernelFunc),
    })
    return { name: kernel.name, before }
  })
  const restorations = [
    fuseBatchNormLayers(),
    fuseRescalingLayers(),
    separateConvolutionGradients(),
    fuseReluGradients(),
  ]
  const now: TrainingKernels = {
    path,
    kernels: trainingKernels.map(({ name }) => name),
    unregister() {
      if (registered !== now) return
      registered = undefined
      for (const restore of restorations) restore()
      for (const { name, before } of replaced) replaceKernel(name, before)
      const backend = findBackend(backendName)
      if (backend) freeScratch(wasmBackend(backend))
    },
  }
  registered = now
  return now
}

function replaceKernel(name: string, kernel: KernelConfig | undefined): void {
  if (getKernel(name, backendName)) unregisterKernel(name, backendName)
  if (kernel) registerKernel(kernel)
}
