import { describe, expect, it } from 'vitest'
import {
  type Body,
  compile,
  f32,
  f64,
  func,
  i8x16,
  i32,
  i64,
  type Local,
  type Type,
  type Value,
  v128,
} from '../src/index.js'

/** Bytes 0, 1, 2, ... with every other one above 127. */
const pattern = Uint8Array.from({ length: 1024 }, (_, i) => (i % 2 ? i : 255 - i))

/** Runs statements with p = 100 on memory that holds the pattern, and gives that memory. */
function run(write: (p: Local<'i32'>, body: Body) => void): DataView {
  const memory = new WebAssembly.Memory({ initial: 1 })
  new Uint8Array(memory.buffer).set(pattern)
  const [kernel] = compile([func('kernel', { p: 'i32' }, ({ p }, body) => write(p, body))], memory)
  kernel(100)
  return new DataView(memory.buffer)
}
const bytesAt = (view: DataView, from: number, n: number) => [...new Uint8Array(view.buffer, from, n)]
const before = new DataView(pattern.buffer)
const loaded = (load: (p: Local<'i32'>) => Value<Type>) => run((p, { store }) => store(0, load(p)))

describe('scalar loads, with an offset and at an odd address', () => {
  it.each([
    ['load', i32.load, (at: number) => before.getInt32(at, true)],
    ['load8S', i32.load8S, (at: number) => before.getInt8(at)],
    ['load8U', i32.load8U, (at: number) => before.getUint8(at)],
    ['load16S', i32.load16S, (at: number) => before.getInt16(at, true)],
    ['load16U', i32.load16U, (at: number) => before.getUint16(at, true)],
  ] as const)('i32.%s', (_, load, expected) => {
    for (const offset of [0, 1, 300])
      expect(loaded((p) => load(p, offset)).getInt32(0, true)).toBe(expected(100 + offset))
    expect(loaded(() => load(33)).getInt32(0, true)).toBe(expected(33))
  })

  it.each([
    ['load', i64.load, (at: number) => before.getBigInt64(at, true)],
    ['load8S', i64.load8S, (at: number) => BigInt(before.getInt8(at))],
    ['load8U', i64.load8U, (at: number) => BigInt(before.getUint8(at))],
    ['load16S', i64.load16S, (at: number) => BigInt(before.getInt16(at, true))],
    ['load16U', i64.load16U, (at: number) => BigInt(before.getUint16(at, true))],
    ['load32S', i64.load32S, (at: number) => BigInt(before.getInt32(at, true))],
    ['load32U', i64.load32U, (at: number) => BigInt(before.getUint32(at, true))],
  ] as const)('i64.%s', (_, load, expected) => {
    for (const offset of [0, 1, 300])
      expect(loaded((p) => load(p, offset)).getBigInt64(0, true)).toBe(expected(100 + offset))
  })

  it('f32 and f64', () => {
    expect(loaded((p) => f32.load(p, 3)).getFloat32(0, true)).toBe(before.getFloat32(103, true))
    expect(loaded((p) => f64.load(p, 3)).getFloat64(0, true)).toBe(before.getFloat64(103, true))
  })
})

describe('vector loads', () => {
  const widened = (bits: 8 | 16 | 32, signed: boolean) => (at: number) => {
    const out = new DataView(new ArrayBuffer(16))
    const n = 64 / bits
    for (let i = 0; i < n; i++) {
      const from = at + (i * bits) / 8
      if (bits === 8) out.setInt16(2 * i, signed ? before.getInt8(from) : before.getUint8(from), true)
      if (bits === 16) out.setInt32(4 * i, signed ? before.getInt16(from, true) : before.getUint16(from, true), true)
      if (bits === 32)
        out.setBigInt64(8 * i, BigInt(signed ? before.getInt32(from, true) : before.getUint32(from, true)), true)
    }
    return bytesAt(out, 0, 16)
  }
  const splat = (bytes: number) => (at: number) => Array.from({ length: 16 }, (_, i) => pattern[at + (i % bytes)]!)
  const zeroed = (bytes: number) => (at: number) =>
    Array.from({ length: 16 }, (_, i) => (i < bytes ? pattern[at + i]! : 0))

  it.each([
    ['load', v128.load, splat(16)],
    ['load8Splat', v128.load8Splat, splat(1)],
    ['load16Splat', v128.load16Splat, splat(2)],
    ['load32Splat', v128.load32Splat, splat(4)],
    ['load64Splat', v128.load64Splat, splat(8)],
    ['load32Zero', v128.load32Zero, zeroed(4)],
    ['load64Zero', v128.load64Zero, zeroed(8)],
    ['load8x8S', v128.load8x8S, widened(8, true)],
    ['load8x8U', v128.load8x8U, widened(8, false)],
    ['load16x4S', v128.load16x4S, widened(16, true)],
    ['load16x4U', v128.load16x4U, widened(16, false)],
    ['load32x2S', v128.load32x2S, widened(32, true)],
    ['load32x2U', v128.load32x2U, widened(32, false)],
  ] as const)('v128.%s', (_, load, expected) => {
    for (const offset of [0, 1, 300])
      expect(
        bytesAt(
          loaded((p) => load(p, offset)),
          0,
          16,
        ),
      ).toEqual(expected(100 + offset))
  })

  it.each([
    ['load8Lane', v128.load8Lane, 1],
    ['load16Lane', v128.load16Lane, 2],
    ['load32Lane', v128.load32Lane, 4],
    ['load64Lane', v128.load64Lane, 8],
  ] as const)('v128.%s', (_, load, width) => {
    for (let lane = 0; lane < 16 / width; lane++) {
      const expected = Array.from({ length: 16 }, (_, i) =>
        Math.floor(i / width) === lane ? pattern[107 + (i % width)]! : 9,
      )
      expect(
        bytesAt(
          loaded((p) => load(p, i8x16.splat(9), lane, 7)),
          0,
          16,
        ),
      ).toEqual(expected)
    }
  })
})

describe('stores', () => {
  const written = (view: DataView) => {
    const bytes = bytesAt(view, 0, 1024)
    const changed = bytes.flatMap((byte, i) => (byte === pattern[i] ? [] : [i]))
    return { from: changed[0], bytes: bytes.slice(changed[0], changed.at(-1)! + 1) }
  }

  it('writes all bytes of each type, and no other', () => {
    expect(written(run((p, { store }) => store(p, i32.const(0x04030201), 5)))).toEqual({
      from: 105,
      bytes: [1, 2, 3, 4],
    })
    expect(written(run((p, { store }) => store(p, i64.const(0x0807060504030201n), 5))).bytes).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ])
    expect(run((p, { store }) => store(p, f32.const(0.1), 5)).getFloat32(105, true)).toBe(Math.fround(0.1))
    expect(run((p, { store }) => store(p, f64.const(0.1), 5)).getFloat64(105, true)).toBe(0.1)
    const ascending = Array.from({ length: 16 }, (_, i) => i + 1)
    expect(written(run((_, { store }) => store(500, i8x16.const(...ascending))))).toEqual({
      from: 500,
      bytes: ascending,
    })
  })

  it('writes low bytes', () => {
    expect(written(run((p, { store8 }) => store8(p, 0x0201, 5)))).toEqual({ from: 105, bytes: [1] })
    expect(written(run((p, { store16 }) => store16(p, i32.const(0x030201), 5)))).toEqual({ from: 105, bytes: [1, 2] })
  })

  it.each([
    ['store8Lane', 1],
    ['store16Lane', 2],
    ['store32Lane', 4],
    ['store64Lane', 8],
  ] as const)('writes one lane: %s', (name, width) => {
    const vector = i8x16.const(...Array.from({ length: 16 }, (_, i) => 200 + i))
    for (let lane = 0; lane < 16 / width; lane++) {
      const view = run((p, body) => body[name](p, vector, lane, 11))
      const expected = Array.from({ length: width }, (_, i) => 200 + lane * width + i)
      expect(bytesAt(view, 111, width)).toEqual(expected)
      expect([...bytesAt(view, 0, 111), ...bytesAt(view, 111 + width, 400)]).toEqual([
        ...pattern.subarray(0, 111),
        ...pattern.subarray(111 + width, 511 + width),
      ])
    }
  })

  it('fills and copies, overlapping too', () => {
    expect(
      bytesAt(
        run((p, { fill }) => fill(p, 7, 20)),
        99,
        22,
      ),
    ).toEqual([pattern[99], ...Array(20).fill(7), pattern[120]])
    expect(
      bytesAt(
        run((p, { copy }) => copy(i32.add(p, 3), p, 50)),
        103,
        50,
      ),
    ).toEqual([...pattern.subarray(100, 150)])
  })
})
