import { multiplyAddOf } from '../arithmetic.js'
import { runConvProgram } from '../convolution/conv-program.js'
import { convolutionOf } from '../convolution/conv-shape.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate } from '../tfjs/wasm-backend.js'
import { cheapestFilterGradient } from '../winograd/gradient-programs.js'
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
    const shape = convolutionOf(convInfo(attrs, x.shape, filterShape))
    const at = {
      images: addressOf(backend, x),
      factors: addressOf(backend, dy),
      result: addressOf(backend, gradient),
    }
    runConvProgram(backend, `filter gradient ${path}`, shape, at, (memory) =>
      cheapestFilterGradient(shape, multiplyAddOf[path], memory),
    )
    return gradient
  },
}
