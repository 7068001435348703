import { describe, expect, it } from 'vitest'
import {
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  type Type,
  type V128,
  type Value,
  v128,
} from '../src/index.js'
import { operandRecords } from './operands.js'
import { runInstruction } from './run-instruction.js'

const one = (apply: () => V128) => runInstruction('kernel', [], apply, [[]])[0]!
const as = <A>(lanes: new (buffer: ArrayBufferLike) => Iterable<A>, bytes: Uint8Array) => [
  ...new lanes(bytes.slice().buffer),
]
const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))

describe('splat', () => {
  it('takes signed and unsigned numbers', () => {
    expect(
      as(
        Int8Array,
        one(() => i8x16.splat(-3)),
      ),
    ).toEqual(Array(16).fill(-3))
    expect(
      as(
        Uint8Array,
        one(() => i8x16.splat(255)),
      ),
    ).toEqual(Array(16).fill(255))
    expect(
      as(
        Uint16Array,
        one(() => i16x8.splat(65535)),
      ),
    ).toEqual(Array(8).fill(65535))
    expect(
      as(
        Int32Array,
        one(() => i32x4.splat(-(2 ** 31))),
      ),
    ).toEqual(Array(4).fill(-(2 ** 31)))
    expect(
      as(
        Uint32Array,
        one(() => i32x4.splat(2 ** 32 - 1)),
      ),
    ).toEqual(Array(4).fill(2 ** 32 - 1))
    expect(
      as(
        BigInt64Array,
        one(() => i64x2.splat(-5n)),
      ),
    ).toEqual([-5n, -5n])
    expect(
      as(
        Float32Array,
        one(() => f32x4.splat(0.1)),
      ),
    ).toEqual(Array(4).fill(Math.fround(0.1)))
    expect(
      as(
        Float32Array,
        one(() => f32x4.splat(-0)),
      ),
    ).toEqual(Array(4).fill(-0))
    expect(
      as(
        Float64Array,
        one(() => f64x2.splat(Number.NaN)),
      ),
    ).toEqual([Number.NaN, Number.NaN])
    expect(
      as(
        Int32Array,
        one(() => i32x4.splat(0)),
      ),
    ).toEqual([0, 0, 0, 0])
  })

  it('takes values', () => {
    expect(
      as(
        Int8Array,
        one(() => i8x16.splat(i32.const(511))),
      ),
    ).toEqual(Array(16).fill(-1))
    expect(
      as(
        Int16Array,
        one(() => i16x8.splat(i32.const(-2))),
      ),
    ).toEqual(Array(8).fill(-2))
    expect(
      as(
        Int32Array,
        one(() => i32x4.splat(i32.const(7))),
      ),
    ).toEqual(Array(4).fill(7))
    expect(
      as(
        BigInt64Array,
        one(() => i64x2.splat(i64.const(7n))),
      ),
    ).toEqual([7n, 7n])
    expect(
      as(
        Float32Array,
        one(() => f32x4.splat(f32.const(1.5))),
      ),
    ).toEqual(Array(4).fill(1.5))
    expect(
      as(
        Float64Array,
        one(() => f64x2.splat(f64.const(0.1))),
      ),
    ).toEqual([0.1, 0.1])
  })

  it('is meant where an instruction on lanes takes a number', () => {
    expect(
      as(
        Float32Array,
        one(() => f32x4.max(f32x4.const(-1, 0, 1, 2), 0.5)),
      ),
    ).toEqual([0.5, 0.5, 1, 2])
    expect(
      as(
        Uint8Array,
        one(() => i8x16.addSatU(250, 3)),
      ),
    ).toEqual(Array(16).fill(253))
    expect(
      as(
        BigInt64Array,
        one(() => i64x2.mul(i64x2.const(3n, -4n), 2n)),
      ),
    ).toEqual([6n, -8n])
  })
})

it('writes constants lane by lane', () => {
  expect(
    as(
      Int8Array,
      one(() => i8x16.const(...times(16, (i) => i - 8))),
    ),
  ).toEqual(times(16, (i) => i - 8))
  expect(
    as(
      Uint16Array,
      one(() => i16x8.const(...times(8, (i) => 8191 * i))),
    ),
  ).toEqual(times(8, (i) => 8191 * i))
  expect(
    as(
      Int32Array,
      one(() => i32x4.const(1, -2, 2 ** 31 - 1, 2 ** 32 - 1)),
    ),
  ).toEqual([1, -2, 2 ** 31 - 1, -1])
  expect(
    as(
      Float64Array,
      one(() => f64x2.const(Math.PI, -Infinity)),
    ),
  ).toEqual([Math.PI, -Infinity])
  expect(
    as(
      Uint8Array,
      one(() => v128.zero),
    ),
  ).toEqual(Array(16).fill(0))
})

describe('single lanes', () => {
  const records = operandRecords(1)
  const extracts = <N>(
    name: string,
    count: number,
    lanes: new (buffer: ArrayBufferLike) => ArrayLike<N>,
    width: number,
    apply: (a: V128, lane: number) => Value<Type>,
  ) =>
    it.each(times(count, (i) => i))(`${name} %i`, (lane) => {
      runInstruction(name, ['v128'], (a) => apply(a!, lane), records).forEach((got, i) => {
        // A lane below 32 bits comes out extended to an i32.
        const result = width < 4 ? new Int32Array(got.buffer)[0] : new lanes(got.buffer)[0]
        expect(result).toEqual(new lanes(records[i]![0]!.slice().buffer)[lane])
      })
    })
  extracts('i8x16.extractLaneS', 16, Int8Array, 1, i8x16.extractLaneS)
  extracts('i8x16.extractLaneU', 16, Uint8Array, 1, i8x16.extractLaneU)
  extracts('i16x8.extractLaneS', 8, Int16Array, 2, i16x8.extractLaneS)
  extracts('i16x8.extractLaneU', 8, Uint16Array, 2, i16x8.extractLaneU)
  extracts('i32x4.extractLane', 4, Int32Array, 4, i32x4.extractLane)
  extracts('i64x2.extractLane', 2, BigInt64Array, 8, i64x2.extractLane)
  extracts('f32x4.extractLane', 4, Float32Array, 4, f32x4.extractLane)
  extracts('f64x2.extractLane', 2, Float64Array, 8, f64x2.extractLane)

  it('replaces one and leaves the others', () => {
    const before = i8x16.const(...times(16, (i) => i))
    expect(one(() => i8x16.replaceLane(before, 3, 255))).toEqual(Uint8Array.from(times(16, (i) => (i === 3 ? 255 : i))))
    expect(
      as(
        Uint16Array,
        one(() => i16x8.replaceLane(i16x8.splat(9), 7, i32.const(8))),
      ),
    ).toEqual([9, 9, 9, 9, 9, 9, 9, 8])
    expect(
      as(
        Int32Array,
        one(() => i32x4.replaceLane(i32x4.splat(9), 0, -1)),
      ),
    ).toEqual([-1, 9, 9, 9])
    expect(
      as(
        BigInt64Array,
        one(() => i64x2.replaceLane(i64x2.splat(9n), 1, -1n)),
      ),
    ).toEqual([9n, -1n])
    expect(
      as(
        Float32Array,
        one(() => f32x4.replaceLane(f32x4.splat(9), 2, 0.5)),
      ),
    ).toEqual([9, 9, 0.5, 9])
    expect(
      as(
        Float64Array,
        one(() => f64x2.replaceLane(f64x2.splat(9), 0, 0.1)),
      ),
    ).toEqual([0.1, 9])
  })
})

it('shuffles by lanes of every width', () => {
  const a = i8x16.const(...times(16, (i) => i))
  const b = i8x16.const(...times(16, (i) => 16 + i))
  const order = times(16, (i) => (7 * i + 3) % 32)
  expect([...one(() => i8x16.shuffle(a, b, order))]).toEqual(order)
  const shorts = times(8, (i) => (5 * i + 9) % 16)
  expect([...one(() => i16x8.shuffle(a, b, shorts))]).toEqual(shorts.flatMap((i) => [2 * i, 2 * i + 1]))
  const ints = [4, 0, 7, 3]
  const bytes = ints.flatMap((i) => times(4, (j) => 4 * i + j))
  expect([...one(() => i32x4.shuffle(a, b, ints))]).toEqual(bytes)
  expect([...one(() => f32x4.shuffle(a, b, ints))]).toEqual(bytes)
  expect([...one(() => i64x2.shuffle(a, b, [3, 0]))]).toEqual([...times(8, (i) => 24 + i), ...times(8, (i) => i)])
})
