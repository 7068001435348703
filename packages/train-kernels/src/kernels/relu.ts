import { noteSelected } from '../channels/known-totals.js'
import { input, type KernelCall, type TrainingKernel } from '../tfjs/training-kernel.js'
import { activation } from './quantize.js'

/** max(x, 0); NaN stays NaN. */
export const relu: TrainingKernel = {
  name: 'Relu',
  run(call, path) {
    const y = activation.run(within(call, Number.POSITIVE_INFINITY), path)
    // What is 0 in y and was not in x passes no gradient on.
    if (y && !Array.isArray(y)) noteSelected(y, input(call, 'x'))
    return y
  },
}

/** min(max(x, 0), 6); NaN stays NaN, where the stock kernel makes it 0. */
export const relu6: TrainingKernel = { name: 'Relu6', run: (call, path) => activation.run(within(call, 6), path) }

const within = (call: KernelCall, maximum: number): KernelCall => ({ ...call, attrs: { minimum: 0, maximum } })
