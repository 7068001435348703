import { describe, expect, expectTypeOf, it } from 'vitest'
import { compile, compileAsync, f32, func, i32, i64 } from './index.js'

const count = func('count', { n: 'i32' }, ({ n }, { store }) => {
  store(0, i32.add(i32.load(0), n))
})
const scale = func('scale', { x: 'f32', by: 'f32' }, ({ x, by }) => f32.mul(x, by))
const wide = func('wide', { x: 'i64' }, ({ x }) => i64.add(x, 1n))

describe('compile', () => {
  it('gives kernels in order, with the types of their parameters and results', () => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const [counting, scaling, widening] = compile([count, scale, wide], memory)
    expectTypeOf(counting).returns.toEqualTypeOf<undefined>()
    expectTypeOf(scaling).toEqualTypeOf<(...values: number[]) => number>()
    expectTypeOf(widening).parameters.toEqualTypeOf<bigint[]>()
    counting(5)
    counting(6)
    expect(new Int32Array(memory.buffer)[0]).toBe(11)
    expect([scaling(3, 0.5), widening(2n ** 40n)]).toEqual([1.5, 2n ** 40n + 1n])
  })

  it('works on a shared memory, and on one that grows', () => {
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true })
    compile([count], shared)[0](7)
    expect(new Int32Array(shared.buffer)[0]).toBe(7)
    const memory = new WebAssembly.Memory({ initial: 1 })
    const [last] = compile([func('last', { at: 'i32' }, ({ at }) => i32.load8U(at))], memory)
    expect(() => last(65536)).toThrow(WebAssembly.RuntimeError)
    memory.grow(1)
    expect(last(65536)).toBe(0)
  })

  it('compiles a list made at run time', () => {
    const kernels = compile(
      [1, 2, 3].map((n) => func(`times${n}`, { x: 'i32' }, ({ x }) => i32.mul(x, n))),
      new WebAssembly.Memory({ initial: 0 }),
    )
    expect(kernels.map((kernel) => kernel(10))).toEqual([10, 20, 30])
  })
})

it('compileAsync gives the same', async () => {
  const [scaling] = await compileAsync([scale], new WebAssembly.Memory({ initial: 1 }))
  expect(scaling(3, 2)).toBe(6)
})
