import { compile, f32x4, func } from '@lowbit/wasm-emit'
import { oddRationalKernel } from '../elementwise/odd-rational.js'
import { overFloats } from '../elementwise/over-floats.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { areFilledFloats, input, numberAttribute, sizeOf, type TrainingKernel } from '../tfjs/training-kernel.js'
import { addressOf, allocate, memoryOf } from '../tfjs/wasm-backend.js'

/**
 * tanh as the odd rational function that its caller gives: attributes limit, numerator and denominator, see `OddRational`. The
 * same bits on every path.
 */
export const tanh: TrainingKernel = {
  name: 'LowbitTanh',
  run(call) {
    const { backend, attrs } = call
    const x = input(call, 'x')
    if (!areFilledFloats(x)) return undefined
    const y = allocate(backend, x.shape)
    const { run } = oddRationalKernel(memoryOf(backend), {
      limit: numberAttribute(call, 'limit'),
      numerator: attrs.numerator as number[],
      denominator: attrs.denominator as number[],
    })
    run(addressOf(backend, x), addressOf(backend, y), sizeOf(x))
    return y
  },
}

/** Its gradient by its output: dy * (1 - y * y), every operation rounded. */
export const tanhGradient: TrainingKernel = {
  name: 'LowbitTanhGrad',
  run(call) {
    const { backend } = call
    const [y, dy] = [input(call, 'y'), input(call, 'dy')]
    if (!areFilledFloats(y, dy)) return undefined
    const dx = allocate(backend, y.shape)
    gradientKernel(memoryOf(backend)).run(
      addressOf(backend, y),
      addressOf(backend, dy),
      addressOf(backend, dx),
      sizeOf(y),
    )
    return dx
  },
}

const gradientKernel = (memory: WebAssembly.Memory) =>
  cachedProgram(memory, 'tanh gradient', () => {
    const parameters = { y: 'i32', dy: 'i32', dx: 'i32', count: 'i32' } as const
    const written = func('tanhGradient', parameters, ({ y, dy, dx, count }, body) =>
      overFloats(body, count, [y, dy, dx], ({ load, store }) => {
        const value = body.local(load(y))
        store(dx, f32x4.mul(load(dy), f32x4.sub(1, f32x4.mul(value, value))))
      }),
    )
    const [run] = compile([written], memory, 'tanhGradient')
    return { run }
  })
