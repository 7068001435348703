import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import {
  f32x4,
  f64x2,
  i8x16,
  i16x8,
  i32x4,
  i64x2,
  supportsRelaxedDotAdd,
  supportsRelaxedSimd,
  v128,
} from '../src/index.js'
import { operandRecords } from './operands.js'
import { runInstruction } from './run-instruction.js'
import { acrossLanes, check, type LanesOf, laneByLane, tested } from './vector-cases.js'

// Node 20 knows relaxed SIMD behind this flag, which must be set before anything is compiled; later ones have it on.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')

describe.skipIf(!supportsRelaxedSimd())('relaxed SIMD', () => {
  const f = Math.fround
  const madd = { once: fusedF32, twice: (a: number, b: number, c: number) => f(f(a * b) + c) }

  it('f32x4.relaxedMadd rounds once everywhere or twice everywhere', () => {
    const run = (apply: typeof f32x4.relaxedMadd) => {
      const records = operandRecords(3)
      const results = runInstruction('madd', ['v128', 'v128', 'v128'], (a, b, c) => apply(a!, b!, c!), records)
      return records.flatMap((record, i) => {
        const [a, b, c] = record.map((bytes) => new Float32Array(bytes.slice().buffer))
        return [...new Float32Array(results[i]!.buffer)].map((got, j) => ({ a: a![j]!, b: b![j]!, c: c![j]!, got }))
      })
    }
    for (const [instruction, sign] of [
      [f32x4.relaxedMadd, 1],
      [f32x4.relaxedNmadd, -1],
    ] as const) {
      const lanes = run(instruction)
      const fits = (round: (a: number, b: number, c: number) => number) =>
        lanes.every(({ a, b, c, got }) => Object.is(got, round(sign * a, b, c)))
      expect([fits(madd.once), fits(madd.twice)]).toContain(true)
    }
    tested.add('f32x4.relaxedMadd').add('f32x4.relaxedNmadd')
  })

  it('f64x2.relaxedMadd is exact where products and sums are', () => {
    const apply = (nmadd: boolean) =>
      runInstruction(
        'madd',
        [],
        () =>
          f64x2[nmadd ? 'relaxedNmadd' : 'relaxedMadd'](f64x2.const(3, -5), f64x2.const(7, 11), f64x2.const(100, 1)),
        [[]],
      )[0]!
    expect([...new Float64Array(apply(false).buffer)]).toEqual([121, -54])
    expect([...new Float64Array(apply(true).buffer)]).toEqual([79, 56])
    tested.add('f64x2.relaxedMadd').add('f64x2.relaxedNmadd')
  })

  acrossLanes(
    'i8x16',
    Uint8Array,
    Uint8Array,
  )({
    'relaxedSwizzle within the vector': [
      (a, b) => i8x16.relaxedSwizzle(a, v128.and(b, i8x16.splat(15))),
      (i, a, b) => a[b[i]! & 15]!,
    ],
  })

  const ordered = (a: number, b: number) => !Number.isNaN(a) && !Number.isNaN(b) && !(a === 0 && b === 0)
  const suits = (lanes: LanesOf<Float32Array | Float64Array>) => (a?: Uint8Array, b?: Uint8Array) => {
    const y = new lanes(b!.slice().buffer)
    return [...new lanes(a!.slice().buffer)].every((x, i) => ordered(x, y[i]!))
  }
  const shapes: [string, typeof f32x4 | typeof f64x2, LanesOf<Float32Array | Float64Array>][] = [
    ['f32x4', f32x4, Float32Array],
    ['f64x2', f64x2, Float64Array],
  ]
  for (const [name, of, lanes] of shapes)
    for (const [which, pick] of [
      ['relaxedMin', Math.min],
      ['relaxedMax', Math.max],
    ] as const)
      check(
        `${name}.${which} of numbers`,
        2,
        lanes,
        (a, b) => of[which](a!, b!),
        (a, b) => {
          const y = new lanes(b!.slice().buffer)
          const out = new lanes(a!.slice().buffer)
          out.forEach((x, i) => {
            out[i] = pick(x, y[i]!)
          })
          return new Uint8Array(out.buffer)
        },
        suits(lanes),
      )

  const inRange = (low: number, high: number) => (bytes?: Uint8Array) =>
    [...new Float32Array(bytes!.slice().buffer)].every((x) => x > low && x < high)
  const truncated = (lanes: typeof Int32Array | typeof Uint32Array) => (bytes?: Uint8Array) =>
    new Uint8Array(lanes.from(new Float32Array(bytes!.slice().buffer)).buffer)
  check(
    'i32x4.relaxedTruncS in range',
    1,
    Int32Array,
    (a) => i32x4.relaxedTruncS(a!),
    truncated(Int32Array),
    inRange(-(2 ** 31), 2 ** 31),
  )
  check(
    'i32x4.relaxedTruncU in range',
    1,
    Int32Array,
    (a) => i32x4.relaxedTruncU(a!),
    truncated(Uint32Array),
    inRange(-1, 2 ** 32),
  )

  const s16 = (x: number) => Math.min(Math.max(x, -32768), 32767)
  acrossLanes(
    'i16x8',
    Int8Array,
    Int16Array,
  )({
    'relaxedDot of 7-bit operands': [
      (a, b) => i16x8.relaxedDot(a, v128.and(b, i8x16.splat(127))),
      (i, a, b) => s16(a[2 * i]! * (b[2 * i]! & 127) + a[2 * i + 1]! * (b[2 * i + 1]! & 127)),
    ],
  })
  tested.add('i32x4.relaxedDotAdd')
  if (supportsRelaxedDotAdd())
    check(
      'i32x4.relaxedDotAdd of 7-bit operands',
      3,
      Int32Array,
      (a, b, c) => i32x4.relaxedDotAdd(a!, v128.and(b!, i8x16.splat(127)), c!),
      (a, b, c) => {
        const x = new Int8Array(a!.slice().buffer)
        return new Uint8Array(
          new Int32Array(c!.slice().buffer).map((sum, i) =>
            [0, 1, 2, 3].reduce((all, j) => all + x[4 * i + j]! * (b![4 * i + j]! & 127), sum),
          ).buffer,
        )
      },
    )
  else it.skip('i32x4.relaxedDotAdd: this engine has it wrong')
  // -32768 times itself is the one product that engines may saturate or wrap.
  laneByLane('i16x8', Int16Array).binary({
    'relaxedQ15mulr of above -32768': [
      (a, b) => i16x8.relaxedQ15mulr(i16x8.maxS(a, -32767), b),
      (a, b) => (Math.max(a, -32767) * b + 0x4000) >> 15,
    ],
  })

  for (const [name, of] of Object.entries({ i8x16, i16x8, i32x4, i64x2 }))
    check(
      `${name}.relaxedLaneselect by whole lanes`,
      3,
      Uint8Array,
      (a, b, mask) => of.relaxedLaneselect(a!, b!, i64x2.ltS(mask!, 0n)),
      (a, b, mask) => a!.map((byte, i) => (mask![i < 8 ? 7 : 15]! > 127 ? byte : b![i]!)),
    )

  it('tests every relaxed instruction', () => {
    const all = Object.entries({ i8x16, i16x8, i32x4, i64x2, f32x4, f64x2 }).flatMap(([type, of]) =>
      Object.keys(of).map((name) => `${type}.${name}`),
    )
    expect(all.filter((name) => /\.relaxed/.test(name) && !tested.has(name))).toEqual([])
  })
})

/** a b + c rounded once to f32: the product is exact in f64, the sum is rounded to odd there so that f32 rounds right. */
function fusedF32(a: number, b: number, c: number): number {
  const product = a * b
  const sum = product + c
  const back = sum - product
  const error = product - (sum - back) + (c - back)
  if (!Number.isFinite(sum) || error === 0 || Number.isNaN(error)) return Math.fround(sum)
  const bits = new BigInt64Array(Float64Array.of(sum).buffer)
  if ((bits[0]! & 1n) === 0n) bits[0]! += error > 0 === sum > 0 ? 1n : -1n
  return Math.fround(new Float64Array(bits.buffer)[0]!)
}
