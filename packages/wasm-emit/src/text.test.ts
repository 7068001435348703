import { describe, expect, it } from 'vitest'
import { expectTextToGive, features, readWasm } from '../test/wabt.js'
import {
  assemble,
  compile,
  f32,
  f64,
  func,
  i8x16,
  i32,
  i32x4,
  i64,
  type Type,
  text,
  type Value,
  v128,
  WasmEmitError,
} from './index.js'

const sum = func('sum', { from: 'i32', count: 'i32' }, ({ from, count }, { local, forRange, when, exit, advance }) => {
  when(i32.leS(count, 0), () => exit(f32.const(0)))
  const total = local(f32.const(-0), 'total')
  forRange(0, count, () => {
    total.set(f32.add(total, f32.load(from, 8)))
    advance(from, 4)
  })
  return total
})

describe('text', () => {
  it('reads like this', () => {
    expect(text(assemble([sum], { localNames: true }))).toMatchInlineSnapshot(`
      "(module
        (import "env" "memory" (memory 0))
        (func $sum (export "sum") (param $from i32) (param $count i32) (result f32)
          (local $total f32)
          (local $index i32)
          (local $end i32)
          local.get $count                                         ;; 0x38
          i32.const 0                                              ;; 0x3a
          i32.le_s                                                 ;; 0x3c
          if                                                       ;; 0x3d
            f32.const 0                                            ;; 0x3f
            return                                                 ;; 0x44
          end                                                      ;; 0x45
          f32.const -0                                             ;; 0x46
          local.set $total                                         ;; 0x4b
          i32.const 0                                              ;; 0x4d
          local.set $index                                         ;; 0x4f
          local.get $count                                         ;; 0x51
          local.set $end                                           ;; 0x53
          local.get $index                                         ;; 0x55
          local.get $end                                           ;; 0x57
          i32.lt_s                                                 ;; 0x59
          if                                                       ;; 0x5a
            loop                                                   ;; 0x5c
              local.get $total                                     ;; 0x5e
              local.get $from                                      ;; 0x60
              f32.load offset=8 align=1                            ;; 0x62
              f32.add                                              ;; 0x65
              local.set $total                                     ;; 0x66
              local.get $from                                      ;; 0x68
              i32.const 4                                          ;; 0x6a
              i32.add                                              ;; 0x6c
              local.set $from                                      ;; 0x6d
              local.get $index                                     ;; 0x6f
              i32.const 1                                          ;; 0x71
              i32.add                                              ;; 0x73
              local.set $index                                     ;; 0x74
              local.get $index                                     ;; 0x76
              local.get $end                                       ;; 0x78
              i32.lt_s                                             ;; 0x7a
              br_if 0                                              ;; 0x7b
            end                                                    ;; 0x7d
          end                                                      ;; 0x7e
          local.get $total                                         ;; 0x7f
        )
      )
      "
    `)
  })

  it('is what wabt makes the same bytes of, for every load and store', () => {
    const memory = func('memory', { p: 'i32', x: 'v128', n: 'i64' }, ({ p, x, n }, body) => {
      const { store } = body
      for (const [name, load] of Object.entries(i32)) if (isLoad(name, load)) store(p, load(p, name.length))
      for (const [name, load] of Object.entries(i64)) if (isLoad(name, load)) store(p, load(p, 0))
      for (const [name, load] of Object.entries(v128)) if (isLoad(name, load)) store(p, load(p, 2 ** 31))
      for (const value of [p, x, n, f32.load(p), f64.load(p)]) store(p, value, 3)
      for (const lane of ['load8Lane', 'load16Lane', 'load32Lane', 'load64Lane'] as const)
        store(p, v128[lane](p, x, 1, 9))
      for (const lane of ['store8Lane', 'store16Lane', 'store32Lane', 'store64Lane'] as const) body[lane](p, x, 1, 300)
      body.store8(p, p)
      body.store16(p, p, 128)
      body.fill(p, 1, 2)
      body.copy(p, 3, 4)
      store(
        p,
        i8x16.shuffle(
          x,
          v128.zero,
          Array.from({ length: 16 }, (_, i) => 31 - i),
        ),
      )
    })
    expectTextToGive(assemble([memory]))
  })

  it('is so for control, constants, calls, memories and odd names', () => {
    const constants = func('constants', {}, (_, { store }) => {
      for (const n of [0, -0, 1.5, 0.1, 1e-45, 3.4e38, Infinity, -Infinity, NaN]) {
        store(0, f32.const(n))
        store(0, f64.const(n))
      }
      for (const n of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]) store(0, i64.const(n))
      store(0, i32x4.const(0, 1, -1, 2 ** 31))
    })
    const odd = func('odd "name"\\ (3×3)\n', { 'a b': 'i32', 'a_b ': 'v128' }, (p, { call, store, repeat }) => {
      repeat(3, () => call(constants, {}))
      store(p['a b'], p['a_b '])
    })
    expectTextToGive(assemble([odd, sum, func('odd  name', {}, () => {})], { localNames: true }))
    expectTextToGive(assemble([sum], { memory: { minimum: 1, maximum: 5 }, name: 'module' }))
    expectTextToGive(assemble([sum], { memory: { shared: true } }))
  })

  it('names what wabt reads in the name section', () => {
    const module = readWasm(assemble([sum], { localNames: true }), { ...features, readDebugNames: true })
    module.applyNames()
    const wat = module.toText({})
    for (const name of ['$sum', '$from', '$count', '$total']) expect(wat).toContain(name)
  })

  it('holds the offset that a trap gives, beside the instruction that trapped', () => {
    const kernel = func('beyond', { p: 'i32' }, ({ p }, { store, local }) => {
      const value = local(v128.load(p, 1 << 20))
      store(p, value)
    })
    const trap = () => compile([kernel], new WebAssembly.Memory({ initial: 1 }))[0](0)
    expect(trap).toThrow('memory access out of bounds')
    const stack = stackOf(trap)
    const [, offset] =
      /at beyond\.beyond \(wasm:\/\/wasm\/beyond-[0-9a-f]+:wasm-function\[0\]:(0x[0-9a-f]+)\)/.exec(stack) ?? []
    const line = text(assemble([kernel], { name: 'beyond' }))
      .split('\n')
      .find((each) => each.endsWith(`;; ${offset}`))
    expect(line).toContain('v128.load offset=1048576')
  })

  it('refuses what is no module', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(8), assemble([sum]).subarray(0, 60)]) {
      expect(() => text(bytes)).toThrow(WasmEmitError)
      expect(codeOf(() => text(bytes))).toBe('FORMAT')
    }
  })
})

/** Loads are told by name: their types differ. */
const isLoad = <F>(
  name: string,
  member: F,
): member is Extract<F, (address: Value<'i32'>, offset?: number) => Value<Type>> =>
  name.startsWith('load') && !name.endsWith('Lane') && typeof member === 'function'

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    return error instanceof WasmEmitError ? error.code : undefined
  }
  return undefined
}

function stackOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error.stack ?? ''
  }
  return ''
}
