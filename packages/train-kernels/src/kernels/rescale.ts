import { compile, f32x4, func } from '@lowbit/wasm-emit'
import { overFloats } from '../elementwise/over-floats.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { areFilledFloats, input, numberAttribute, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf } from '../tfjs/wasm-backend.js'

/** x * scale + offset, both rounded on every path: attributes scale and offset. */
export const rescale: TrainingKernel = {
  name: 'LowbitRescale',
  run(call) {
    const { backend } = call
    const x = input(call, 'x')
    if (!areFilledFloats(x)) return undefined
    const y = allocate(backend, x.shape)
    const [scale, offset] = [numberAttribute(call, 'scale'), numberAttribute(call, 'offset')]
    rescaleKernel(memoryOf(backend)).run(addressOf(backend, x), addressOf(backend, y), sizeOf(x), scale, offset)
    return y
  },
}

const rescaleKernel = (memory: WebAssembly.Memory) =>
  cachedProgram(memory, 'rescale', () => {
    const parameters = { x: 'i32', y: 'i32', count: 'i32', scale: 'f32', offset: 'f32' } as const
    const written = func('rescale', parameters, ({ x, y, count, ...scalars }, body) => {
      const scale = body.local(f32x4.splat(scalars.scale))
      const offset = body.local(f32x4.splat(scalars.offset))
      overFloats(body, count, [x, y], ({ load, store }) => store(y, f32x4.add(f32x4.mul(load(x), scale), offset)))
    })
    const [run] = compile([written], memory, 'rescale')
    return { run }
  })
