import { type Body, compile, f32x4, func, type Lanes, type Local } from '@lowbit/wasm-emit'
import { cachedProgram } from '../tfjs/program-cache.js'
import { clamped } from './interval-kernels.js'
import { overFloats } from './over-floats.js'

/** p(c * c) * c / q(c * c), where c = clamp(x, -limit, limit); the polynomials' coefficients run from the highest power down. */
export interface OddRational {
  readonly limit: number
  readonly numerator: readonly number[]
  readonly denominator: readonly number[]
}

/** The function over `count` > 0 f32: every product, sum and quotient rounded, by Horner's scheme; NaN stays NaN. */
export const oddRationalKernel = (memory: WebAssembly.Memory, { limit, numerator, denominator }: OddRational) =>
  cachedProgram(memory, `odd rational ${limit}, ${numerator} / ${denominator}`, () => {
    const written = func('oddRational', { x: 'i32', y: 'i32', count: 'i32' }, ({ x, y, count }, body) =>
      overFloats(body, count, [x, y], ({ load, store }) => {
        const c = body.local(clamped(body.local(load(x)), -limit, limit))
        const u = body.local(f32x4.mul(c, c))
        const [p, q] = [numerator, denominator].map((coefficients) => polynomial(body, u, coefficients))
        store(y, f32x4.div(f32x4.mul(p!, c), q!))
      }),
    )
    const [run] = compile([written], memory, 'oddRational')
    return { run }
  })

const polynomial = (body: Body, u: Local<'v128'>, coefficients: readonly number[]): Lanes =>
  coefficients
    .slice(1)
    .reduce<Lanes>((sum, coefficient) => body.local(f32x4.add(f32x4.mul(sum, u), coefficient)), coefficients[0]!)
