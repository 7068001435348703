import type { TensorInfo } from '@tensorflow/tfjs'
import { optimizerKernels } from '../optimizers/optimizer-kernels.js'
import { input, type KernelCall, numberAttribute, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf } from '../tfjs/wasm-backend.js'

/**
 * One step of Adam over all variables: inputs value0, gradient0, first0, second0, value1, ...; gives the new values and changes
 * the moments where they lie. Attributes: rate, beta1, beta2, epsilon, correction1, correction2, decay.
 */
export const adamStep: TrainingKernel = {
  name: 'LowbitAdam',
  run(call) {
    const { adam } = optimizerKernels(memoryOf(call.backend))
    const [beta1, beta2] = [numberAttribute(call, 'beta1'), numberAttribute(call, 'beta2')]
    const constants = ['correction1', 'correction2', 'epsilon', 'rate', 'decay'].map((name) =>
      numberAttribute(call, name),
    )
    return eachVariable(call, ['first', 'second'], (addresses, count) =>
      adam(...addresses, count, beta1, 1 - beta1, beta2, 1 - beta2, ...constants),
    )
  },
}

/** One step of gradient descent over all variables: inputs value0, gradient0, value1, ...; attribute rate. */
export const descentStep: TrainingKernel = {
  name: 'LowbitGradientDescent',
  run(call) {
    const { descent } = optimizerKernels(memoryOf(call.backend))
    const rate = numberAttribute(call, 'rate')
    return eachVariable(call, [], (addresses, count) => descent(...addresses, count, rate))
  },
}

/** The same with momentum: also inputs velocity0, ..., which change where they lie; attributes rate and momentum. */
export const momentumStep: TrainingKernel = {
  name: 'LowbitMomentum',
  run(call) {
    const { momentum } = optimizerKernels(memoryOf(call.backend))
    const constants = [numberAttribute(call, 'momentum'), numberAttribute(call, 'rate')]
    return eachVariable(call, ['velocity'], (addresses, count) => momentum(...addresses, count, ...constants))
  },
}

/** Runs a step for each variable on the addresses of value, gradient, slots and new value. */
function eachVariable(
  call: KernelCall,
  slots: readonly string[],
  step: (addresses: number[], count: number) => void,
): TensorInfo[] {
  const { backend } = call
  const results: TensorInfo[] = []
  for (let i = 0; call.inputs[`value${i}`]; i++) {
    const value = input(call, `value${i}`)
    const others = ['gradient', ...slots].map((name) => input(call, `${name}${i}`))
    const result = allocate(backend, value.shape)
    const addresses = [value, ...others, result].map((tensor) => addressOf(backend, tensor))
    step(addresses, sizeOf(value))
    results.push(result)
  }
  return results
}
