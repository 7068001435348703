import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, type Func, f32, f64, func, i32, i64, type Type } from './index.js'

const memory = new WebAssembly.Memory({ initial: 1 })
const only = <P extends Readonly<Record<string, Type>>, R extends Type | undefined>(f: Func<P, R>) =>
  compile([f], memory)[0]

describe('results and parameters', () => {
  it('go by type', () => {
    expect(only(func('f', { a: 'f32', b: 'i32' }, ({ a, b }) => f32.add(a, f32.convertS(b))))(0.5, 2)).toBe(2.5)
    expect(only(func('f', { a: 'i64' }, ({ a }) => i64.mul(a, a)))(2n ** 31n)).toBe(2n ** 62n)
    expect(only(func('f', { a: 'f64' }, ({ a }) => f64.div(a, 3)))(1)).toBe(1 / 3)
    expect(only(func('f', {}, () => i32.const(7)))()).toBe(7)
    expect(only(func('f', { a: 'i32' }, () => {}))(1)).toBeUndefined()
  })

  it('sets parameters as locals', () => {
    const f = func('f', { a: 'i32' }, ({ a }) => {
      a.set(i32.mul(a, 10))
      return a
    })
    expect(only(f)(4)).toBe(40)
  })
})

describe('constants', () => {
  it('give the same i32 back, signed or unsigned', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: 0, max: 2 ** 32 - 1 })), (n) => {
        expect(only(func('f', {}, () => i32.const(n)))()).toBe(n | 0)
      }),
    )
  })

  it('give the same i64 back, signed or unsigned', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (n) => {
        expect(only(func('f', {}, () => i64.const(n)))()).toBe(BigInt.asIntN(64, n))
      }),
    )
  })

  it('give the same floats back, f32 rounded', () => {
    fc.assert(
      fc.property(fc.double(), (n) => {
        expect(only(func('f', {}, () => f64.const(n)))()).toBe(n)
        expect(only(func('f', {}, () => f32.const(n)))()).toBe(Math.fround(n))
      }),
    )
  })
})

describe('local', () => {
  it('keeps what a value was, and shares places between blocks that follow each other', () => {
    const f = func('f', { a: 'i32' }, ({ a }, { local, when }) => {
      const sum = local(i32.const(0))
      const before = local(i32.add(a, 1))
      a.set(1000)
      for (const n of [1, 2, 3])
        when(1, () => {
          const term = local(i32.mul(before, n))
          sum.set(i32.add(sum, term))
        })
      return sum
    })
    expect(f.locals.length).toBe(3)
    expect(only(f)(9)).toBe(60)
  })
})

describe('loops', () => {
  const counting = (
    write: (
      count: () => void,
      n: Parameters<typeof i32.add>[0],
      body: Parameters<Parameters<typeof func>[2]>[1],
    ) => void,
  ) =>
    only(
      func('f', { n: 'i32' }, ({ n }, body) => {
        const turns = body.local(i32.const(0), 'turns')
        write(() => body.advance(turns, 1), n, body)
        return turns
      }),
    )

  it('repeat runs a constant or computed number of times, at least once', () => {
    expect(counting((count, _, { repeat }) => repeat(5, count))(0)).toBe(5)
    expect(counting((count, n, { repeat }) => repeat(n, count))(1)).toBe(1)
    expect(counting((count, n, { repeat }) => repeat(n, () => repeat(3, count)))(7)).toBe(21)
  })

  it('forRange runs as often as the range says, also never', () => {
    const f = only(
      func('f', { from: 'i32', to: 'i32' }, ({ from, to }, { local, forRange }) => {
        const digits = local(i32.const(0))
        forRange(from, to, (i) => digits.set(i32.add(i32.mul(digits, 10), i)), 2)
        return digits
      }),
    )
    expect([f(1, 8), f(0, 1), f(3, 3), f(5, -5), f(-3, -2)]).toEqual([1357, 0, 0, 0, -3])
    expect(counting((count, n, { forRange }) => forRange(-2, n, count))(3)).toBe(5)
    expect(counting((count, _, { forRange }) => forRange(0, 4, count))(0)).toBe(4)
  })

  it('forRange with an empty constant range writes nothing', () => {
    const never = () => {
      throw new Error('written')
    }
    expect(counting((_, __, { forRange }) => forRange(4, 4, never))(0)).toBe(0)
  })

  it('loopWhile asks before every turn', () => {
    const collatz = only(
      func('collatz', { n: 'i32' }, ({ n }, { local, loopWhile, when, advance }) => {
        const steps = local(i32.const(0))
        loopWhile(
          () => i32.ne(n, 1),
          () => {
            when(
              i32.and(n, 1),
              () => n.set(i32.add(i32.mul(n, 3), 1)),
              () => n.set(i32.shrU(n, 1)),
            )
            advance(steps, 1)
          },
        )
        return steps
      }),
    )
    expect([collatz(1), collatz(6), collatz(27)]).toEqual([0, 8, 111])
  })
})

describe('when and exit', () => {
  const sign = only(
    func('sign', { x: 'f32' }, ({ x }, { when, exit }) => {
      when(f32.gt(x, 0), () => exit(i32.const(1)))
      when(
        f32.lt(x, 0),
        () => exit(i32.const(-1)),
        () => {},
      )
      return i32.const(0)
    }),
  )
  it('leave early with a result', () => {
    expect([sign(2.5), sign(-0.1), sign(0), sign(Number.NaN)]).toEqual([1, -1, 0, 0])
  })

  it('leave loops without a result', () => {
    const f = only(
      func('f', { n: 'i32' }, ({ n }, { repeat, store, when, exit, local, advance }) => {
        const i = local(i32.const(0))
        repeat(100, () => {
          store(0, i)
          when(i32.eq(i, n), () => exit())
          advance(i, 1)
        })
      }),
    )
    f(42)
    expect(new Int32Array(memory.buffer)[0]).toBe(42)
  })
})

describe('call', () => {
  const square = func('square', { x: 'i32' }, ({ x }) => i32.mul(x, x))
  const write = func('write', { at: 'i32', x: 'f32' }, ({ at, x }, { store }) => store(at, x))

  it('passes values by name and keeps the result of this time', () => {
    const f = func('f', { a: 'i32' }, ({ a }, { call }) => {
      const first = call(square, { x: a })
      a.set(100)
      const second = call(square, { x: i32.add(first, 1) })
      return i32.add(i32.mul(first, 1000), second)
    })
    expect(only(f)(3)).toBe(9100)
  })

  it('calls functions without a result, through others, and each function is there once', () => {
    const both = func('both', {}, (_, { call }) => {
      call(write, { x: 0.5, at: 16 })
      call(write, { x: f32.const(1.5), at: i32.const(20) })
    })
    const outer = func('outer', { n: 'i32' }, ({ n }, { call }) => {
      call(both, {})
      return call(square, { x: n })
    })
    const [first, second] = compile([outer, square], memory)
    expect([first(5), second(6)]).toEqual([25, 36])
    expect([...new Float32Array(memory.buffer, 16, 2)]).toEqual([0.5, 1.5])
  })
})

describe('size', () => {
  it('writes a value of a hundred thousand terms', () => {
    const terms = 100_000
    let sum = i32.const(0)
    for (let i = 0; i < terms; i++) sum = i32.add(sum, 1)
    expect(only(func('f', {}, () => sum))()).toBe(terms)
    let nested = i32.const(0)
    for (let i = 0; i < 1000; i++) nested = i32.add(1, nested)
    expect(only(func('f', {}, () => nested))()).toBe(1000)
  })
})
