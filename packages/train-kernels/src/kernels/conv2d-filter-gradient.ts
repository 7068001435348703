import { convolutionOf } from '../conv-shape.js'
import { runFilterGradient } from '../run-filter-gradient.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../training-kernel.js'
import { addressOf, allocate } from '../wasm-backend.js'
import { convInfo, isNhwc } from './conv2d.js'

/** The gradient for the filter: x [n, h, w, inputs], dy [n, h, w, outputs], attribute filterShape. */
export const conv2dFilterGradient: TrainingKernel = {
  name: 'Conv2DBackpropFilter',
  run(call, path) {
    const { backend, attrs } = call
    const [x, dy] = [input(call, 'x'), input(call, 'dy')]
    const filterShape = attrs.filterShape as number[]
    if (!isNhwc(attrs) || !areFilledFloats(x, dy)) return undefined
    const gradient = allocate(backend, filterShape)
    if (sizeOf(gradient) === 0) return gradient
    runFilterGradient(backend, convolutionOf(convInfo(attrs, x.shape, filterShape)), path, {
      input: addressOf(backend, x),
      error: addressOf(backend, dy),
      gradient: addressOf(backend, gradient),
    })
    return gradient
  },
}
