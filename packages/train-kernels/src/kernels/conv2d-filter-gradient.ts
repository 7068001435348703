import { compile } from '@lowbit/wasm-emit'
import { multiplyAdd } from '../arithmetic.js'
import { convolutionOf, shapeKey } from '../conv-shape.js'
import { filterGradient, filterGradientBytes, filterGradientPlan } from '../filter-gradient.js'
import { cachedProgram } from '../program-cache.js'
import { scratch } from '../scratch.js'
import { areFilledFloats, input, sizeOf, type TrainingKernel } from '../training-kernel.js'
import { addressOf, allocate, memoryOf } from '../wasm-backend.js'
import { convInfo, isNhwc } from './conv2d.js'

/** The gradient for the filter: x [n, h, w, inputs], dy [n, h, w, outputs], attribute filterShape. */
export const conv2dFilterGradient: TrainingKernel = {
  name: 'Conv2DBackpropFilter',
  run(call, path) {
    const { backend, attrs } = call
    const x = input(call, 'x')
    const dy = input(call, 'dy')
    const filterShape = attrs.filterShape as number[]
    if (!isNhwc(attrs) || !areFilledFloats(x, dy)) return undefined
    const shape = convolutionOf(convInfo(attrs, x.shape, filterShape))
    const gradient = allocate(backend, filterShape)
    if (sizeOf(gradient) === 0) return gradient
    const memory = memoryOf(backend)
    const program = cachedProgram(memory, `filter gradient ${path} ${shapeKey(shape)}`, () => {
      const plan = filterGradientPlan(shape)
      const [run] = compile([filterGradient(plan, multiplyAdd[path])], memory)
      const { image, error, sums } = filterGradientBytes(plan)
      return { run, scratchBytes: image + error + sums }
    })
    const copy = program.scratchBytes > 0 ? scratch(backend, program.scratchBytes) : 0
    program.run(addressOf(backend, x), addressOf(backend, dy), addressOf(backend, gradient), copy, shape.batch)
    return gradient
  },
}
