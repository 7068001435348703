import { describe, expect, it } from 'vitest'
import { f32, f64, i32, i64, type Operand, select, type Type, type Value } from '../src/index.js'
import { operandRecords } from './operands.js'
import { type Js, runInstruction } from './run-instruction.js'

type Scalar = Exclude<Type, 'v128'>
type Cases<F, G> = Record<string, readonly [instruction: F, reference: G]>
const f = Math.fround
const tested = new Set<string>()

function readAs(type: Scalar, bytes: Uint8Array): number | bigint {
  const view = new DataView(bytes.slice().buffer)
  if (type === 'i32') return view.getInt32(0, true)
  if (type === 'i64') return view.getBigInt64(0, true)
  return type === 'f32' ? view.getFloat32(0, true) : view.getFloat64(0, true)
}

/** What a JavaScript value becomes in a place of the type: i32 and i64 wrap, f32 rounds. */
function stored(type: Scalar, value: number | bigint | boolean): number | bigint {
  if (type === 'i64') return BigInt.asIntN(64, BigInt(value))
  if (type === 'i32') return typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : Number(value) | 0
  return type === 'f32' ? f(Number(value)) : Number(value)
}

function check<A extends Scalar>(
  name: string,
  operands: readonly A[],
  to: Scalar,
  apply: (...values: Value<A>[]) => Value<Type>,
  reference: (...values: Js[A][]) => number | bigint | boolean | undefined,
) {
  it(name, () => {
    const all = operandRecords(operands.length).map((record) => ({
      record,
      values: record.map((bytes, i) => readAs(operands[i]!, bytes) as Js[A]),
    }))
    const cases = all
      .map(({ record, values }) => ({ record, values, expected: reference(...values) }))
      .filter(({ expected }) => expected !== undefined)
    expect(cases.length).toBeGreaterThan(100)
    const results = runInstruction(
      name,
      operands,
      apply,
      cases.map(({ record }) => record),
    )
    cases.forEach(({ values, expected }, i) => {
      expect(readAs(to, results[i]!), `${name}(${values})`).toBe(stored(to, expected!))
    })
  })
}

function unary<A extends Scalar, R extends Scalar>(
  from: A,
  to: R,
  cases: Cases<(a: Operand<A>) => Value<R>, (a: Js[A]) => number | bigint | boolean>,
  of: string = to,
) {
  for (const [name, [instruction, reference]] of Object.entries(cases)) {
    tested.add(`${of}.${name}`)
    check(`${of}.${name}`, [from], to, instruction, reference)
  }
}

/** A reference that gives undefined says that the instruction traps there. */
function binary<A extends Scalar, R extends Scalar>(
  from: A,
  to: R,
  cases: Cases<
    (a: Operand<A>, b: Operand<A>) => Value<R>,
    (a: Js[A], b: Js[A]) => number | bigint | boolean | undefined
  >,
  of: string = from,
) {
  for (const [name, [instruction, reference]] of Object.entries(cases)) {
    tested.add(`${of}.${name}`)
    check(`${of}.${name}`, [from, from], to, (a, b) => instruction(a!, b!), reference)
  }
}

const u = (n: number) => n >>> 0
const U = (n: bigint) => BigInt.asUintN(64, n)
const rotated = (n: bigint, by: bigint) => (U(n) << (by & 63n)) | (U(n) >> ((64n - by) & 63n))
const isMinimum = (n: bigint) => n === -(2n ** 63n)
const bitsOf = (n: bigint) => U(n).toString(2).padStart(64, '0')
const nearest = (x: number) => {
  const floor = Math.floor(x)
  const rounded = x - floor < 0.5 ? floor : x - floor > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1
  return rounded === 0 ? (x < 0 || Object.is(x, -0) ? -0 : 0) : Number.isFinite(x) ? rounded : x
}
const saturated = (x: number, low: bigint, high: bigint): bigint => {
  if (Number.isNaN(x)) return 0n
  if (x <= Number(low)) return low
  return x >= Number(high) ? high : BigInt(Math.trunc(x))
}
const i32Saturated = (x: number) => saturated(x, -(2n ** 31n), 2n ** 31n - 1n)
const u32Saturated = (x: number) => saturated(x, 0n, 2n ** 32n - 1n)
const i64Saturated = (x: number) => saturated(x, -(2n ** 63n), 2n ** 63n - 1n)
const u64Saturated = (x: number) => saturated(x, 0n, 2n ** 64n - 1n)

describe('i32', () => {
  binary('i32', 'i32', {
    add: [i32.add, (a, b) => a + b],
    sub: [i32.sub, (a, b) => a - b],
    mul: [i32.mul, Math.imul],
    divS: [i32.divS, (a, b) => (b === 0 || (a === -(2 ** 31) && b === -1) ? undefined : a / b)],
    divU: [i32.divU, (a, b) => (b === 0 ? undefined : u(a) / u(b))],
    remS: [i32.remS, (a, b) => (b === 0 ? undefined : a % b)],
    remU: [i32.remU, (a, b) => (b === 0 ? undefined : u(a) % u(b))],
    and: [i32.and, (a, b) => a & b],
    or: [i32.or, (a, b) => a | b],
    xor: [i32.xor, (a, b) => a ^ b],
    shl: [i32.shl, (a, b) => a << b],
    shrS: [i32.shrS, (a, b) => a >> b],
    shrU: [i32.shrU, (a, b) => a >>> b],
    rotl: [i32.rotl, (a, b) => (a << b) | (b & 31 ? a >>> -b : 0)],
    rotr: [i32.rotr, (a, b) => (a >>> b) | (b & 31 ? a << -b : 0)],
    eq: [i32.eq, (a, b) => a === b],
    ne: [i32.ne, (a, b) => a !== b],
    ltS: [i32.ltS, (a, b) => a < b],
    ltU: [i32.ltU, (a, b) => u(a) < u(b)],
    gtS: [i32.gtS, (a, b) => a > b],
    gtU: [i32.gtU, (a, b) => u(a) > u(b)],
    leS: [i32.leS, (a, b) => a <= b],
    leU: [i32.leU, (a, b) => u(a) <= u(b)],
    geS: [i32.geS, (a, b) => a >= b],
    geU: [i32.geU, (a, b) => u(a) >= u(b)],
  })
  unary('i32', 'i32', {
    eqz: [i32.eqz, (a) => a === 0],
    clz: [i32.clz, Math.clz32],
    ctz: [i32.ctz, (a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a))],
    popcnt: [i32.popcnt, (a) => u(a).toString(2).replaceAll('0', '').length],
    extend8S: [i32.extend8S, (a) => (a << 24) >> 24],
    extend16S: [i32.extend16S, (a) => (a << 16) >> 16],
  })
  unary('i64', 'i32', { wrap: [i32.wrap, (a) => a] })
  unary('f32', 'i32', {
    truncSatS: [i32.truncSatS, i32Saturated],
    truncSatU: [i32.truncSatU, u32Saturated],
  })
  unary('f64', 'i32', {
    truncSatF64S: [i32.truncSatF64S, i32Saturated],
    truncSatF64U: [i32.truncSatF64U, u32Saturated],
  })
})

describe('i64', () => {
  binary('i64', 'i64', {
    add: [i64.add, (a, b) => a + b],
    sub: [i64.sub, (a, b) => a - b],
    mul: [i64.mul, (a, b) => a * b],
    divS: [i64.divS, (a, b) => (b === 0n || (isMinimum(a) && b === -1n) ? undefined : a / b)],
    divU: [i64.divU, (a, b) => (b === 0n ? undefined : U(a) / U(b))],
    remS: [i64.remS, (a, b) => (b === 0n ? undefined : a % b)],
    remU: [i64.remU, (a, b) => (b === 0n ? undefined : U(a) % U(b))],
    and: [i64.and, (a, b) => a & b],
    or: [i64.or, (a, b) => a | b],
    xor: [i64.xor, (a, b) => a ^ b],
    shl: [i64.shl, (a, b) => a << (b & 63n)],
    shrS: [i64.shrS, (a, b) => a >> (b & 63n)],
    shrU: [i64.shrU, (a, b) => U(a) >> (b & 63n)],
    rotl: [i64.rotl, rotated],
    rotr: [i64.rotr, (a, b) => rotated(a, 64n - (b & 63n))],
  })
  binary('i64', 'i32', {
    eq: [i64.eq, (a, b) => a === b],
    ne: [i64.ne, (a, b) => a !== b],
    ltS: [i64.ltS, (a, b) => a < b],
    ltU: [i64.ltU, (a, b) => U(a) < U(b)],
    gtS: [i64.gtS, (a, b) => a > b],
    gtU: [i64.gtU, (a, b) => U(a) > U(b)],
    leS: [i64.leS, (a, b) => a <= b],
    leU: [i64.leU, (a, b) => U(a) <= U(b)],
    geS: [i64.geS, (a, b) => a >= b],
    geU: [i64.geU, (a, b) => U(a) >= U(b)],
  })
  unary('i64', 'i64', {
    clz: [i64.clz, (a) => bitsOf(a).padEnd(65, '1').indexOf('1')],
    ctz: [i64.ctz, (a) => 63 - `${bitsOf(a)}`.lastIndexOf('1')],
    popcnt: [i64.popcnt, (a) => bitsOf(a).replaceAll('0', '').length],
    extend8S: [i64.extend8S, (a) => BigInt.asIntN(8, a)],
    extend16S: [i64.extend16S, (a) => BigInt.asIntN(16, a)],
    extend32S: [i64.extend32S, (a) => BigInt.asIntN(32, a)],
  })
  unary('i64', 'i32', { eqz: [i64.eqz, (a) => a === 0n] }, 'i64')
  unary('i32', 'i64', { extendS: [i64.extendS, (a) => a], extendU: [i64.extendU, u] })
  unary('f32', 'i64', { truncSatS: [i64.truncSatS, i64Saturated], truncSatU: [i64.truncSatU, u64Saturated] })
  unary('f64', 'i64', {
    truncSatF64S: [i64.truncSatF64S, i64Saturated],
    truncSatF64U: [i64.truncSatF64U, u64Saturated],
  })
})

/** Rounds once from an integer of 64 bits to f32; through f64 it would round twice. */
function roundedToF32(n: bigint): number {
  const near = f(Number(n))
  const bits = new Int32Array(Float32Array.of(near).buffer)[0]!
  const around = [bits - 1, bits, bits + 1]
    .map((b) => new Float32Array(Int32Array.of(b).buffer)[0]!)
    .filter(Number.isFinite)
  const distance = (x: number) => (BigInt(x) > n ? BigInt(x) - n : n - BigInt(x))
  if (Math.abs(near) < 2 ** 24) return near
  return around.reduce((best, x) => {
    const [d, e] = [distance(x), distance(best)]
    const even = (new Int32Array(Float32Array.of(x).buffer)[0]! & 1) === 0
    return d < e || (d === e && even) ? x : best
  })
}

describe('floats', () => {
  const sign = (x: number) => x < 0 || Object.is(x, -0)
  const copysign = (a: number, b: number) => (sign(a) === sign(b) ? a : -a)
  binary('f32', 'f32', {
    add: [f32.add, (a, b) => a + b],
    sub: [f32.sub, (a, b) => a - b],
    mul: [f32.mul, (a, b) => a * b],
    div: [f32.div, (a, b) => a / b],
    min: [f32.min, Math.min],
    max: [f32.max, Math.max],
    copysign: [f32.copysign, (a, b) => (Number.isNaN(b) ? undefined : copysign(a, b))],
  })
  binary('f64', 'f64', {
    add: [f64.add, (a, b) => a + b],
    sub: [f64.sub, (a, b) => a - b],
    mul: [f64.mul, (a, b) => a * b],
    div: [f64.div, (a, b) => a / b],
    min: [f64.min, Math.min],
    max: [f64.max, Math.max],
    copysign: [f64.copysign, (a, b) => (Number.isNaN(b) ? undefined : copysign(a, b))],
  })
  binary('f32', 'i32', {
    eq: [f32.eq, (a, b) => a === b],
    ne: [f32.ne, (a, b) => a !== b],
    lt: [f32.lt, (a, b) => a < b],
    gt: [f32.gt, (a, b) => a > b],
    le: [f32.le, (a, b) => a <= b],
    ge: [f32.ge, (a, b) => a >= b],
  })
  binary('f64', 'i32', {
    eq: [f64.eq, (a, b) => a === b],
    ne: [f64.ne, (a, b) => a !== b],
    lt: [f64.lt, (a, b) => a < b],
    gt: [f64.gt, (a, b) => a > b],
    le: [f64.le, (a, b) => a <= b],
    ge: [f64.ge, (a, b) => a >= b],
  })
  unary('f32', 'f32', {
    abs: [f32.abs, Math.abs],
    neg: [f32.neg, (a) => -a],
    ceil: [f32.ceil, Math.ceil],
    floor: [f32.floor, Math.floor],
    trunc: [f32.trunc, Math.trunc],
    nearest: [f32.nearest, nearest],
    sqrt: [f32.sqrt, Math.sqrt],
  })
  unary('f64', 'f64', {
    abs: [f64.abs, Math.abs],
    neg: [f64.neg, (a) => -a],
    ceil: [f64.ceil, Math.ceil],
    floor: [f64.floor, Math.floor],
    trunc: [f64.trunc, Math.trunc],
    nearest: [f64.nearest, nearest],
    sqrt: [f64.sqrt, Math.sqrt],
  })
  unary('i32', 'f32', { convertS: [f32.convertS, (a) => a], convertU: [f32.convertU, u] })
  unary('i32', 'f64', { convertS: [f64.convertS, (a) => a], convertU: [f64.convertU, u] })
  unary('i64', 'f32', {
    convertI64S: [f32.convertI64S, roundedToF32],
    convertI64U: [f32.convertI64U, (a) => roundedToF32(U(a))],
  })
  unary('i64', 'f64', { convertI64S: [f64.convertI64S, Number], convertI64U: [f64.convertI64U, (a) => Number(U(a))] })
  unary('f64', 'f32', { demote: [f32.demote, (a) => a] })
  unary('f32', 'f64', { promote: [f64.promote, (a) => a] })
})

describe('reinterpretation', () => {
  const roundTrip = <T extends Type>(name: string, type: T, there: (a: Value<T>) => Value<Type>) => {
    tested.add(name)
    it(name, () => {
      const records = operandRecords(1)
      const size = type.endsWith('32') ? 4 : 8
      runInstruction(name, [type], there, records).forEach((bytes, i) => {
        expect(bytes.subarray(0, size)).toEqual(records[i]![0]!.subarray(0, size))
      })
    })
  }
  roundTrip('i32.reinterpret', 'f32', i32.reinterpret)
  roundTrip('i64.reinterpret', 'f64', i64.reinterpret)
  roundTrip('f32.reinterpret', 'i32', f32.reinterpret)
  roundTrip('f64.reinterpret', 'i64', f64.reinterpret)
})

describe('select', () => {
  check(
    'select',
    ['i32', 'i32', 'i32'],
    'i32',
    (a, b, c) => select(a!, b!, c!),
    (a, b, c) => (a !== 0 ? b : c),
  )
  check(
    'select of f64',
    ['f64', 'f64', 'f64'],
    'f64',
    (a, b, c) => select(f64.lt(a!, 1), b!, c!),
    (a, b, c) => (a < 1 ? b : c),
  )
})

it('tests every scalar instruction', () => {
  const all = Object.entries({ i32, i64, f32, f64 }).flatMap(([type, of]) =>
    Object.keys(of).map((name) => `${type}.${name}`),
  )
  expect(all.filter((name) => !tested.has(name) && !/\.(const|load)/.test(name))).toEqual([])
})
