import { describe, expect, it } from 'vitest'
import {
  assemble,
  type Body,
  f32,
  f32x4,
  func,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  type Local,
  select,
  type Value,
  v128,
  WasmEmitError,
} from './index.js'

function errorOf(write: () => unknown): WasmEmitError {
  try {
    write()
  } catch (error) {
    if (error instanceof WasmEmitError) return error
    throw error
  }
  throw new Error('no error')
}
const writing = (write: (p: Local<'i32'>, body: Body) => void) =>
  errorOf(() => func('kernel', { p: 'i32' }, ({ p }, body) => write(p, body)))

/** A value as plain JavaScript passes it, where nobody checked types. */
const untyped = (value: object | undefined) => value as Value<'i32'>
const untypedNumber = (value: unknown) => value as number

describe('RANGE', () => {
  it.each<[string, (p: Local<'i32'>, body: Body) => void, string]>([
    [
      'repeat 0',
      (_, { repeat }) => repeat(0, () => {}),
      'kernel: repeat: count 0, expected an integer from 1 to 2147483647',
    ],
    ['repeat -1', (_, { repeat }) => repeat(-1, () => {}), 'count -1'],
    ['repeat 2.5', (_, { repeat }) => repeat(2.5, () => {}), 'count 2.5'],
    ['step 0', (_, { forRange }) => forRange(0, 5, () => {}, 0), 'kernel: forRange: step 0'],
    ['offset -1', (p, { local }) => local(v128.load(p, -1)), 'v128.load: offset -1'],
    ['offset 2^32', (p, { local }) => local(i32.load(p, 2 ** 32)), 'i32.load: offset 4294967296'],
    ['offset 0.5', (p, { store }) => store(p, p, 0.5), 'kernel: i32.store: offset 0.5'],
    ['offset NaN', (p, { store8 }) => store8(p, p, Number.NaN), 'kernel: i32.store8: offset NaN'],
    [
      'stored lane 4',
      (p, { store32Lane }) => store32Lane(p, v128.zero, 4),
      'kernel: v128.store32_lane: lane 4, expected an integer from 0 to 3',
    ],
    ['loaded lane 2', (p) => v128.load64Lane(p, v128.zero, 2), 'v128.load64_lane: lane 2'],
    ['extracted lane 16', () => i8x16.extractLaneU(v128.zero, 16), 'i8x16.extract_lane_u: lane 16'],
    ['extracted lane -1', () => f32x4.extractLane(v128.zero, -1), 'f32x4.extract_lane: lane -1'],
    ['replaced lane 8', () => i16x8.replaceLane(v128.zero, 8, 0), 'i16x8.replace_lane: lane 8'],
    ['shuffled lane 32', () => i8x16.shuffle(v128.zero, v128.zero, Array(16).fill(32)), 'i8x16.shuffle: lane 32'],
    [
      'shuffled 3 lanes',
      () => i32x4.shuffle(v128.zero, v128.zero, [0, 1, 2]),
      'i32x4.shuffle: lanes 3, expected an integer from 4 to 4',
    ],
    ['shift by 32', () => i32x4.shl(v128.zero, 32), 'i32x4.shl: shift count 32, expected an integer from 0 to 31'],
    ['shift by -1', (p) => i32.shrS(p, -1), 'i32.shr_s: shift count -1'],
    ['shift by 64n', () => i64.shl(i64.const(1n), 64n), 'i64.shl: shift count 64'],
    ['constant 2^32', (p) => i32.add(p, 2 ** 32), 'i32.add: constant 4294967296'],
    ['constant -2^31 - 1', () => i32.const(-(2 ** 31) - 1), 'i32.const: constant -2147483649'],
    ['constant 0.5', (p) => i32.mul(p, 0.5), 'i32.mul: constant 0.5'],
    ['constant 2^64', () => i64.const(2n ** 64n), 'i64.const: constant 18446744073709551616'],
    ['byte 256', () => i8x16.splat(256), 'i8x16.splat: constant 256, expected an integer from -128 to 255'],
    ['short -32769', () => i16x8.add(v128.zero, -32769), 'i16x8.add: constant -32769'],
    ['lane of 2^32', () => i32x4.const(0, 0, 0, 2 ** 32), 'i32x4.const: constant 4294967296'],
    ['long 2^64', () => i64x2.const(0n, 2n ** 64n), 'i64x2.const: constant 18446744073709551616'],
    ['five lanes', () => f32x4.const(1, 2, 3, 4, 5), 'f32x4.const: lanes 5'],
  ])('%s', (_, write, message) => {
    const error = writing(write)
    expect(error.code).toBe('RANGE')
    expect(error.message).toContain(message)
  })

  it('pages', () => {
    expect(errorOf(() => assemble([], { memory: { minimum: 65537 } })).code).toBe('RANGE')
    expect(errorOf(() => assemble([], { memory: { minimum: 5, maximum: 4 } })).message).toContain('maximum pages 4')
  })
})

describe('TYPE', () => {
  it.each<[string, (p: Local<'i32'>, body: Body) => unknown, string]>([
    ['an f32 for an i32', (p) => i32.add(p, untyped(f32.const(1))), 'i32.add: got f32, expected i32'],
    ['nothing for an i32', (p) => i32.add(p, untyped(undefined)), 'i32.add: got undefined, expected i32'],
    ['an object for an address', () => i32.load(untyped({})), 'i32.load: got [object Object], expected i32'],
    ['a bigint for an i32', (p) => i32.add(p, untypedNumber(1n)), 'i32.add: got the bigint 1, expected i32'],
    ['an f32 for a local', (p) => p.set(untyped(f32.const(1))), 'kernel: p.set: got f32, expected i32'],
    [
      'an f32 for a condition',
      (_, { when }) => when(untyped(f32.const(1)), () => {}),
      'kernel: when: got f32, expected i32',
    ],
    ['two types to select', (p) => select(p, p, untyped(f32.const(1))), 'select: got f32, expected i32'],
    [
      'an argument',
      (_, { call }) =>
        call(
          func('g', { x: 'i32' }, () => {}),
          { x: untyped(f32.const(1)) },
        ),
      'kernel: call of g, x: got f32, expected i32',
    ],
    [
      'a missing argument',
      (_, { call }) =>
        call(
          func('g', { x: 'i32' }, () => {}),
          { x: untyped(undefined) },
        ),
      'got undefined, expected i32',
    ],
  ])('%s', (_, write, message) => {
    const error = writing(write)
    expect(error.code).toBe('TYPE')
    expect(error.message).toContain(message)
  })

  it('exits of another type than the function', () => {
    const exits = (...values: (Value<'i32'> | Value<'f32'> | undefined)[]) =>
      errorOf(() =>
        func('kernel', {}, (_, { exit }) => {
          for (const value of values) exit(value)
          return i32.const(0)
        }),
      )
    expect(exits(f32.const(1))).toMatchObject({
      code: 'TYPE',
      message: 'kernel: exit with f32, expected i32 as at the end',
    })
    expect(exits(undefined).message).toBe('kernel: exit with nothing, expected i32 as at the end')
    expect(exits(i32.const(1), undefined).message).toBe('kernel: exit with nothing, expected i32 as before')
  })
})

describe('PLACE', () => {
  it('reads or sets after the end of the block', () => {
    const error = writing((_, { local, repeat, store }) => {
      let escaped: Local<'i32'> | undefined
      repeat(2, () => {
        escaped = local(i32.const(1), 'escaped')
      })
      store(0, escaped!)
    })
    expect(error).toMatchObject({ code: 'PLACE', message: 'kernel: escaped is read after the end of its block' })
    const setting = writing((_, { local, when }) => {
      let escaped: Local<'i32'> | undefined
      when(1, () => {
        escaped = local(i32.const(1))
      })
      escaped!.set(2)
    })
    expect(setting).toMatchObject({ code: 'PLACE', message: 'kernel: local 1 is set after the end of its block' })
  })

  it('within a value that was written in the block', () => {
    const error = writing((p, { local, when, store }) => {
      let address: Value<'i32'> | undefined
      when(1, () => {
        address = i32.add(local(i32.const(64)), p)
      })
      store(address!, p)
    })
    expect(error.code).toBe('PLACE')
  })

  it('the index of a range, after it', () => {
    let index: Value<'i32'> | undefined
    const error = writing((_, { forRange, store }) => {
      forRange(0, 3, (i) => {
        index = i
      })
      store(0, index!)
    })
    expect(error).toMatchObject({ code: 'PLACE', message: 'kernel: index is read after the end of its block' })
  })

  it("another function's local", () => {
    let stolen: Local<'i32'> | undefined
    func('other', { theirs: 'i32' }, ({ theirs }) => {
      stolen = theirs
    })
    const message = 'kernel: theirs is read, but belongs to another function'
    expect(writing((p, { store }) => store(p, stolen!))).toMatchObject({ code: 'PLACE', message })
  })
})

describe('STALE', () => {
  it('a value used after a local that it reads was set', () => {
    const error = writing((p, { advance, store }) => {
      const next = i32.add(p, 16)
      advance(p, 16)
      store(next, p)
    })
    expect(error.code).toBe('STALE')
    expect(error.message).toContain('kernel: a value reads p, which was set since')
  })

  it('a value written before a loop that sets what it reads', () => {
    const error = writing((p, { repeat, advance, store }) => {
      const value = i32.load(p)
      repeat(4, () => {
        store(p, value)
        advance(p, 4)
      })
    })
    expect(error.code).toBe('STALE')
    expect(error.message).toContain('p is set in a loop that reads it through a value written before')
  })

  it('in an inner loop too, but not once the loop is over', () => {
    const inner = writing((p, { repeat, advance, store }) => {
      const value = i32.load(p)
      repeat(4, () => {
        repeat(2, () => store(0, value))
        advance(p, 4)
      })
    })
    expect(inner.code).toBe('STALE')
    func('fine', { p: 'i32' }, ({ p }, { repeat, advance, store }) => {
      const value = i32.load(p)
      repeat(4, () => store(0, value))
      advance(p, 4)
      store(0, p)
    })
  })

  it('but not where the value is kept or written anew', () => {
    func('fine', { p: 'i32' }, ({ p }, { local, repeat, advance, store }) => {
      const value = local(i32.load(p))
      repeat(4, () => {
        const next = i32.add(p, 4)
        store(next, value)
        advance(p, 4)
      })
    })
  })
})

describe('NAME', () => {
  it('two exports of one name', () => {
    const f = () => func('twice', {}, () => {})
    expect(errorOf(() => assemble([f(), f()]))).toMatchObject({
      code: 'NAME',
      message: 'assemble: two functions are named twice',
    })
  })

  it('an argument that no parameter takes', () => {
    const g = func('g', { x: 'i32' }, () => {})
    const wrong: { readonly x: number } = Object.assign({ x: 1 }, { y: 2 })
    const error = writing((_, { call }) => call(g, wrong))
    expect(error).toMatchObject({ code: 'NAME', message: 'kernel: call of g: got y, expected x' })
  })
})

describe('SIZE', () => {
  it('more code than V8 takes, as values used twice and twice again make it', () => {
    const error = writing((p, { store }) => {
      let value: Value<'i32'> = p
      for (let i = 0; i < 40; i++) value = i32.add(value, value)
      store(0, value)
    })
    expect(error).toMatchObject({ code: 'SIZE', message: 'kernel: more than 7654321 bytes of code' })
  })

  it('more locals than V8 takes', () => {
    const error = writing((_, { local }) => {
      for (let i = 0; i <= 50_000; i++) local(i32.const(i))
    })
    expect(error).toMatchObject({ code: 'SIZE', message: 'kernel: more than 50000 locals' })
  })
})
