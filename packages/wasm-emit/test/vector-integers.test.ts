import { describe, expect, it } from 'vitest'
import { i8x16, i16x8, i32, i32x4, i64x2, type V128, type Value, v128 } from '../src/index.js'
import { operandRecords } from './operands.js'
import { runInstruction } from './run-instruction.js'
import { acrossLanes, check, type LaneArray, type LanesOf, laneByLane, tested } from './vector-cases.js'

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high)
const s8 = (x: number) => clamp(x, -128, 127)
const u8 = (x: number) => clamp(x, 0, 255)
const s16 = (x: number) => clamp(x, -32768, 32767)
const u16 = (x: number) => clamp(x, 0, 65535)
const ones = (x: number) => x.toString(2).replaceAll('0', '').length

describe('v128', () => {
  const bits = laneByLane('v128', Int32Array)
  bits.unary({ not: [v128.not, (a) => ~a] })
  bits.binary({
    and: [v128.and, (a, b) => a & b],
    or: [v128.or, (a, b) => a | b],
    xor: [v128.xor, (a, b) => a ^ b],
    andnot: [v128.andnot, (a, b) => a & ~b],
  })
  bits.ternary({ bitselect: [v128.bitselect, (a, b, mask) => (a & mask) | (b & ~mask)] })
})

describe('i8x16', () => {
  const signed = laneByLane('i8x16', Int8Array)
  signed.unary({ abs: [i8x16.abs, Math.abs], neg: [i8x16.neg, (a) => -a] })
  signed.binary({
    add: [i8x16.add, (a, b) => a + b],
    sub: [i8x16.sub, (a, b) => a - b],
    eq: [i8x16.eq, (a, b) => a === b],
    ne: [i8x16.ne, (a, b) => a !== b],
    ltS: [i8x16.ltS, (a, b) => a < b],
    gtS: [i8x16.gtS, (a, b) => a > b],
    leS: [i8x16.leS, (a, b) => a <= b],
    geS: [i8x16.geS, (a, b) => a >= b],
    minS: [i8x16.minS, Math.min],
    maxS: [i8x16.maxS, Math.max],
    addSatS: [i8x16.addSatS, (a, b) => s8(a + b)],
    subSatS: [i8x16.subSatS, (a, b) => s8(a - b)],
  })
  const unsigned = laneByLane('i8x16', Uint8Array)
  unsigned.unary({ popcnt: [i8x16.popcnt, ones] })
  unsigned.binary({
    ltU: [i8x16.ltU, (a, b) => a < b],
    gtU: [i8x16.gtU, (a, b) => a > b],
    leU: [i8x16.leU, (a, b) => a <= b],
    geU: [i8x16.geU, (a, b) => a >= b],
    minU: [i8x16.minU, Math.min],
    maxU: [i8x16.maxU, Math.max],
    addSatU: [i8x16.addSatU, (a, b) => u8(a + b)],
    subSatU: [i8x16.subSatU, (a, b) => u8(a - b)],
    avgrU: [i8x16.avgrU, (a, b) => (a + b + 1) >> 1],
  })
  acrossLanes('i8x16', Uint8Array, Uint8Array)({ swizzle: [i8x16.swizzle, (i, a, b) => a[b[i]!] ?? 0] })
  acrossLanes('i8x16', Int16Array, Int8Array)({ narrowS: [i8x16.narrowS, (i, a, b) => s8([...a, ...b][i]!)] })
  acrossLanes('i8x16', Int16Array, Uint8Array)({ narrowU: [i8x16.narrowU, (i, a, b) => u8([...a, ...b][i]!)] })
})

describe('i16x8', () => {
  const q15 = (a: number, b: number) => s16((a * b + 0x4000) >> 15)
  const signed = laneByLane('i16x8', Int16Array)
  signed.unary({ abs: [i16x8.abs, Math.abs], neg: [i16x8.neg, (a) => -a] })
  signed.binary({
    add: [i16x8.add, (a, b) => a + b],
    sub: [i16x8.sub, (a, b) => a - b],
    mul: [i16x8.mul, (a, b) => a * b],
    eq: [i16x8.eq, (a, b) => a === b],
    ne: [i16x8.ne, (a, b) => a !== b],
    ltS: [i16x8.ltS, (a, b) => a < b],
    gtS: [i16x8.gtS, (a, b) => a > b],
    leS: [i16x8.leS, (a, b) => a <= b],
    geS: [i16x8.geS, (a, b) => a >= b],
    minS: [i16x8.minS, Math.min],
    maxS: [i16x8.maxS, Math.max],
    addSatS: [i16x8.addSatS, (a, b) => s16(a + b)],
    subSatS: [i16x8.subSatS, (a, b) => s16(a - b)],
    q15mulrSatS: [i16x8.q15mulrSatS, q15],
  })
  const unsigned = laneByLane('i16x8', Uint16Array)
  unsigned.binary({
    ltU: [i16x8.ltU, (a, b) => a < b],
    gtU: [i16x8.gtU, (a, b) => a > b],
    leU: [i16x8.leU, (a, b) => a <= b],
    geU: [i16x8.geU, (a, b) => a >= b],
    minU: [i16x8.minU, Math.min],
    maxU: [i16x8.maxU, Math.max],
    addSatU: [i16x8.addSatU, (a, b) => u16(a + b)],
    subSatU: [i16x8.subSatU, (a, b) => u16(a - b)],
    avgrU: [i16x8.avgrU, (a, b) => (a + b + 1) >> 1],
  })
  acrossLanes('i16x8', Int32Array, Int16Array)({ narrowS: [i16x8.narrowS, (i, a, b) => s16([...a, ...b][i]!)] })
  acrossLanes('i16x8', Int32Array, Uint16Array)({ narrowU: [i16x8.narrowU, (i, a, b) => u16([...a, ...b][i]!)] })
  acrossLanes(
    'i16x8',
    Int8Array,
    Int16Array,
  )({
    extendLowS: [i16x8.extendLowS, (i, a) => a[i]!],
    extendHighS: [i16x8.extendHighS, (i, a) => a[i + 8]!],
    extmulLowS: [i16x8.extmulLowS, (i, a, b) => a[i]! * b[i]!],
    extmulHighS: [i16x8.extmulHighS, (i, a, b) => a[i + 8]! * b[i + 8]!],
    extaddPairwiseS: [i16x8.extaddPairwiseS, (i, a) => a[2 * i]! + a[2 * i + 1]!],
  })
  acrossLanes(
    'i16x8',
    Uint8Array,
    Uint16Array,
  )({
    extendLowU: [i16x8.extendLowU, (i, a) => a[i]!],
    extendHighU: [i16x8.extendHighU, (i, a) => a[i + 8]!],
    extmulLowU: [i16x8.extmulLowU, (i, a, b) => a[i]! * b[i]!],
    extmulHighU: [i16x8.extmulHighU, (i, a, b) => a[i + 8]! * b[i + 8]!],
    extaddPairwiseU: [i16x8.extaddPairwiseU, (i, a) => a[2 * i]! + a[2 * i + 1]!],
  })
})

describe('i32x4', () => {
  const signed = laneByLane('i32x4', Int32Array)
  signed.unary({ abs: [i32x4.abs, Math.abs], neg: [i32x4.neg, (a) => -a] })
  signed.binary({
    add: [i32x4.add, (a, b) => a + b],
    sub: [i32x4.sub, (a, b) => a - b],
    mul: [i32x4.mul, Math.imul],
    eq: [i32x4.eq, (a, b) => a === b],
    ne: [i32x4.ne, (a, b) => a !== b],
    ltS: [i32x4.ltS, (a, b) => a < b],
    gtS: [i32x4.gtS, (a, b) => a > b],
    leS: [i32x4.leS, (a, b) => a <= b],
    geS: [i32x4.geS, (a, b) => a >= b],
    minS: [i32x4.minS, Math.min],
    maxS: [i32x4.maxS, Math.max],
  })
  const unsigned = laneByLane('i32x4', Uint32Array)
  unsigned.binary({
    ltU: [i32x4.ltU, (a, b) => a < b],
    gtU: [i32x4.gtU, (a, b) => a > b],
    leU: [i32x4.leU, (a, b) => a <= b],
    geU: [i32x4.geU, (a, b) => a >= b],
    minU: [i32x4.minU, Math.min],
    maxU: [i32x4.maxU, Math.max],
  })
  acrossLanes(
    'i32x4',
    Int16Array,
    Int32Array,
  )({
    extendLowS: [i32x4.extendLowS, (i, a) => a[i]!],
    extendHighS: [i32x4.extendHighS, (i, a) => a[i + 4]!],
    extmulLowS: [i32x4.extmulLowS, (i, a, b) => a[i]! * b[i]!],
    extmulHighS: [i32x4.extmulHighS, (i, a, b) => a[i + 4]! * b[i + 4]!],
    extaddPairwiseS: [i32x4.extaddPairwiseS, (i, a) => a[2 * i]! + a[2 * i + 1]!],
    dot: [i32x4.dot, (i, a, b) => a[2 * i]! * b[2 * i]! + a[2 * i + 1]! * b[2 * i + 1]!],
  })
  acrossLanes(
    'i32x4',
    Uint16Array,
    Uint32Array,
  )({
    extendLowU: [i32x4.extendLowU, (i, a) => a[i]!],
    extendHighU: [i32x4.extendHighU, (i, a) => a[i + 4]!],
    extmulLowU: [i32x4.extmulLowU, (i, a, b) => a[i]! * b[i]!],
    extmulHighU: [i32x4.extmulHighU, (i, a, b) => a[i + 4]! * b[i + 4]!],
    extaddPairwiseU: [i32x4.extaddPairwiseU, (i, a) => a[2 * i]! + a[2 * i + 1]!],
  })
  const truncated = (low: number, high: number) => (x: number) =>
    Number.isNaN(x) ? 0 : Math.trunc(clamp(x, low, high))
  const signed32 = truncated(-(2 ** 31), 2 ** 31 - 1)
  const unsigned32 = truncated(0, 2 ** 32 - 1)
  acrossLanes('i32x4', Float32Array, Int32Array)({ truncSatS: [i32x4.truncSatS, (i, a) => signed32(a[i]!)] })
  acrossLanes('i32x4', Float32Array, Uint32Array)({ truncSatU: [i32x4.truncSatU, (i, a) => unsigned32(a[i]!)] })
  acrossLanes(
    'i32x4',
    Float64Array,
    Int32Array,
  )({ truncSatF64SZero: [i32x4.truncSatF64SZero, (i, a) => signed32(a[i] ?? 0)] })
  acrossLanes(
    'i32x4',
    Float64Array,
    Uint32Array,
  )({ truncSatF64UZero: [i32x4.truncSatF64UZero, (i, a) => unsigned32(a[i] ?? 0)] })
})

describe('i64x2', () => {
  const signed = laneByLane('i64x2', BigInt64Array)
  signed.unary({ abs: [i64x2.abs, (a) => (a < 0n ? -a : a)], neg: [i64x2.neg, (a) => -a] })
  signed.binary({
    add: [i64x2.add, (a, b) => a + b],
    sub: [i64x2.sub, (a, b) => a - b],
    mul: [i64x2.mul, (a, b) => a * b],
    eq: [i64x2.eq, (a, b) => a === b],
    ne: [i64x2.ne, (a, b) => a !== b],
    ltS: [i64x2.ltS, (a, b) => a < b],
    gtS: [i64x2.gtS, (a, b) => a > b],
    leS: [i64x2.leS, (a, b) => a <= b],
    geS: [i64x2.geS, (a, b) => a >= b],
  })
  acrossLanes(
    'i64x2',
    Int32Array,
    BigInt64Array,
  )({
    extendLowS: [i64x2.extendLowS, (i, a) => BigInt(a[i]!)],
    extendHighS: [i64x2.extendHighS, (i, a) => BigInt(a[i + 2]!)],
    extmulLowS: [i64x2.extmulLowS, (i, a, b) => BigInt(a[i]!) * BigInt(b[i]!)],
    extmulHighS: [i64x2.extmulHighS, (i, a, b) => BigInt(a[i + 2]!) * BigInt(b[i + 2]!)],
  })
  acrossLanes(
    'i64x2',
    Uint32Array,
    BigUint64Array,
  )({
    extendLowU: [i64x2.extendLowU, (i, a) => BigInt(a[i]!)],
    extendHighU: [i64x2.extendHighU, (i, a) => BigInt(a[i + 2]!)],
    extmulLowU: [i64x2.extmulLowU, (i, a, b) => BigInt(a[i]!) * BigInt(b[i]!)],
    extmulHighU: [i64x2.extmulHighU, (i, a, b) => BigInt(a[i + 2]!) * BigInt(b[i + 2]!)],
  })
})

interface Shifts {
  shl(a: V128, by: number | Value<'i32'>): V128
  shrS(a: V128, by: number | Value<'i32'>): V128
  shrU(a: V128, by: number | Value<'i32'>): V128
}

describe('shifts', () => {
  const shapes: [string, Shifts, number, LanesOf<LaneArray>, LanesOf<LaneArray>][] = [
    ['i8x16', i8x16, 8, Int8Array, Uint8Array],
    ['i16x8', i16x8, 16, Int16Array, Uint16Array],
    ['i32x4', i32x4, 32, Int32Array, Uint32Array],
    ['i64x2', i64x2, 64, BigInt64Array, BigUint64Array],
  ]
  for (const [name, shape, bits, signed, unsigned] of shapes) {
    const shifted =
      (lanes: typeof signed, by: number, shift: (x: bigint, by: bigint) => bigint) => (bytes?: Uint8Array) => {
        const out = new lanes(bytes!.slice().buffer)
        for (let i = 0; i < out.length; i++) {
          const x = BigInt.asIntN(bits, shift(BigInt(out[i]!), BigInt(by % bits)))
          out[i] = typeof out[i] === 'bigint' ? x : Number(x)
        }
        return new Uint8Array(out.buffer)
      }
    for (const by of [0, 1, bits >> 1, bits - 1]) {
      check(
        `${name}.shl`,
        1,
        unsigned,
        (a) => shape.shl(a!, by),
        shifted(signed, by, (x, n) => x << n),
      )
      check(
        `${name}.shrS`,
        1,
        unsigned,
        (a) => shape.shrS(a!, by),
        shifted(signed, by, (x, n) => x >> n),
      )
      check(
        `${name}.shrU`,
        1,
        unsigned,
        (a) => shape.shrU(a!, by),
        shifted(unsigned, by, (x, n) => x >> n),
      )
    }
    const computed = bits + 3
    check(
      `${name}.shl by a computed count`,
      1,
      unsigned,
      (a) => shape.shl(a!, i32.const(computed)),
      shifted(signed, computed, (x, n) => x << n),
    )
  }
})

describe('tests', () => {
  const run = (name: string, apply: (a: V128) => Value<'i32'>, reference: (bytes: Uint8Array) => number | boolean) => {
    tested.add(name)
    it(name, () => {
      const records = [...operandRecords(1), [new Uint8Array(16)], [new Uint8Array(16).fill(1)]]
      runInstruction(name, ['v128'], (a) => apply(a!), records).forEach((got, i) => {
        expect(new Uint32Array(got.buffer)[0], `${name}(${records[i]![0]})`).toBe(Number(reference(records[i]![0]!)))
      })
    })
  }
  const lanes = <A extends LaneArray>(of: LanesOf<A>, bytes: Uint8Array) =>
    [...new of(bytes.slice().buffer)].map(BigInt)
  const mask = (signs: readonly bigint[]) => signs.reduce((sum, x, i) => sum + (x < 0n ? 2 ** i : 0), 0)
  run('v128.anyTrue', v128.anyTrue, (bytes) => bytes.some((b) => b !== 0))
  run('i8x16.allTrue', i8x16.allTrue, (bytes) => bytes.every((b) => b !== 0))
  run('i16x8.allTrue', i16x8.allTrue, (bytes) => lanes(Int16Array, bytes).every((b) => b !== 0n))
  run('i32x4.allTrue', i32x4.allTrue, (bytes) => lanes(Int32Array, bytes).every((b) => b !== 0n))
  run('i64x2.allTrue', i64x2.allTrue, (bytes) => lanes(BigInt64Array, bytes).every((b) => b !== 0n))
  run('i8x16.bitmask', i8x16.bitmask, (bytes) => mask(lanes(Int8Array, bytes)))
  run('i16x8.bitmask', i16x8.bitmask, (bytes) => mask(lanes(Int16Array, bytes)))
  run('i32x4.bitmask', i32x4.bitmask, (bytes) => mask(lanes(Int32Array, bytes)))
  run('i64x2.bitmask', i64x2.bitmask, (bytes) => mask(lanes(BigInt64Array, bytes)))
})

it('tests every instruction on integers but relaxed ones and those on single lanes', () => {
  const all = Object.entries({ v128, i8x16, i16x8, i32x4, i64x2 }).flatMap(([type, of]) =>
    Object.keys(of).map((name) => `${type}.${name}`),
  )
  const elsewhere = /\.(relaxed.*|load.*|splat|const|zero|shuffle|extractLane[SU]?|replaceLane)$/
  expect(all.filter((name) => !tested.has(name) && !elsewhere.test(name))).toEqual([])
})
