import { binary, each, load, shift, ternary, unary } from './instruction.js'
import {
  compute,
  type Expression,
  integer,
  memoryImmediates,
  type Operand,
  operand,
  type Type,
  type Value,
} from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'

export type V128 = Value<'v128'>
/** A vector, or a number that every lane holds. */
export type Lanes<N extends number | bigint = number> = V128 | N

/** How a v128 is divided: `bits` a lane, the scalar type of a lane, and its bytes as a constant. */
interface Shape<N extends number | bigint, S extends Type> {
  readonly name: string
  readonly bits: number
  readonly scalar: S
  readonly bytes: (instruction: string, n: N) => Uint8Array
}

const integerShape = (name: string, bits: 8 | 16 | 32): Shape<number, 'i32'> => ({
  name,
  bits,
  scalar: 'i32',
  bytes: (instruction, n) => {
    const lane = integer(instruction, 'constant', n, -(2 ** (bits - 1)), 2 ** bits - 1)
    return new Uint8Array(Int32Array.of(lane).buffer).subarray(0, bits / 8)
  },
})
const bytes = integerShape('i8x16', 8)
const shorts = integerShape('i16x8', 16)
const ints = integerShape('i32x4', 32)
const longs: Shape<bigint, 'i64'> = {
  name: 'i64x2',
  bits: 64,
  scalar: 'i64',
  bytes: (instruction, n) => {
    if (n < -(2n ** 63n) || n >= 2n ** 64n)
      throw new WasmEmitError('RANGE', `${instruction}: constant ${n}, expected 64 bits`)
    return new Uint8Array(BigInt64Array.of(n).buffer)
  },
}
const floats: Shape<number, 'f32'> = {
  name: 'f32x4',
  bits: 32,
  scalar: 'f32',
  bytes: (_, n) => new Uint8Array(Float32Array.of(n).buffer),
}
const doubles: Shape<number, 'f64'> = {
  name: 'f64x2',
  bits: 64,
  scalar: 'f64',
  bytes: (_, n) => new Uint8Array(Float64Array.of(n).buffer),
}

const isConstant = <N extends number | bigint>(given: N | Value<Type>): given is N =>
  typeof given === 'number' || typeof given === 'bigint'

function lanes<N extends number | bigint>(instruction: string, shape: Shape<N, Type>, given: Lanes<N>): Expression {
  return isConstant<N>(given)
    ? constantVector(repeated(shape.bytes(instruction, given))).expression
    : operand<'v128'>(instruction, 'v128', given as V128)
}

const repeated = (lane: Uint8Array) => Array.from({ length: 16 }, (_, i) => lane[i % lane.length]!)
const constantVector = (immediates: readonly number[]) => compute('v128', 'v128.const', [], immediates)

const one =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string) =>
  (a: Lanes<N>): V128 =>
    compute('v128', instruction, [lanes(instruction, shape, a)])

const two =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string) =>
  (a: Lanes<N>, b: Lanes<N>): V128 =>
    compute('v128', instruction, [lanes(instruction, shape, a), lanes(instruction, shape, b)])

const three =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string) =>
  (a: Lanes<N>, b: Lanes<N>, c: Lanes<N>): V128 =>
    compute('v128', instruction, [
      lanes(instruction, shape, a),
      lanes(instruction, shape, b),
      lanes(instruction, shape, c),
    ])

/** Splat, lanes in and out, and a shuffle by whole lanes: what every shape has. */
function access<N extends number | bigint, S extends Type>(shape: Shape<N, S>) {
  const { name, bits, scalar } = shape
  const count = 128 / bits
  return {
    /** Every lane the same: of a number a constant, of a value an instruction. */
    splat: (given: N | Value<S>): V128 =>
      isConstant<N>(given)
        ? constantVector(repeated(shape.bytes(`${name}.splat`, given)))
        : compute('v128', `${name}.splat`, [operand<Type>(`${name}.splat`, scalar, given)]),
    /** A constant, lane by lane. */
    const: (...given: readonly N[]): V128 => {
      integer(`${name}.const`, 'lanes', given.length, count, count)
      return constantVector(given.flatMap((n) => [...shape.bytes(`${name}.const`, n)]))
    },
    replaceLane: (vector: V128, lane: number, given: Operand<S>): V128 =>
      compute(
        'v128',
        `${name}.replace_lane`,
        [operand(`${name}.replace_lane`, 'v128', vector), operand<S>(`${name}.replace_lane`, scalar, given)],
        [integer(`${name}.replace_lane`, 'lane', lane, 0, count - 1)],
      ),
    /** Lanes of a (0..n - 1) and of b (n..2n - 1) in the order given. */
    shuffle: (a: V128, b: V128, order: readonly number[]): V128 => {
      const instruction = `${name} shuffle`
      integer(instruction, 'lanes', order.length, count, count)
      return compute(
        'v128',
        'i8x16.shuffle',
        [operand(instruction, 'v128', a), operand(instruction, 'v128', b)],
        order.flatMap((lane) => {
          const first = (integer(instruction, 'lane', lane, 0, 2 * count - 1) * bits) / 8
          return Array.from({ length: bits / 8 }, (_, i) => first + i)
        }),
      )
    },
  }
}

const extract =
  <S extends Type>(scalar: S, count: number) =>
  (instruction: string) =>
  (vector: V128, lane: number): Value<S> =>
    compute(
      scalar,
      instruction,
      [operand(instruction, 'v128', vector)],
      [integer(instruction, 'lane', lane, 0, count - 1)],
    )

const loadLane =
  (count: number) =>
  (instruction: string) =>
  (address: Operand<'i32'>, vector: V128, lane: number, offset = 0): V128 =>
    compute(
      'v128',
      instruction,
      [operand(instruction, 'i32', address), operand(instruction, 'v128', vector)],
      [...memoryImmediates(instruction, offset), integer(instruction, 'lane', lane, 0, count - 1)],
    )

const vector1 = unary('v128', 'v128')
const vector2 = binary('v128', 'v128')
const test = unary('v128', 'i32')

/** All 128 bits: loads, bitwise logic. */
export const v128 = {
  zero: constantVector(new Array<number>(16).fill(0)),
  ...each(
    'v128',
    [
      'load',
      'load8x8S',
      'load8x8U',
      'load16x4S',
      'load16x4U',
      'load32x2S',
      'load32x2U',
      'load8Splat',
      'load16Splat',
      'load32Splat',
      'load64Splat',
      'load32Zero',
      'load64Zero',
    ],
    load('v128'),
  ),
  load8Lane: loadLane(16)('v128.load8_lane'),
  load16Lane: loadLane(8)('v128.load16_lane'),
  load32Lane: loadLane(4)('v128.load32_lane'),
  load64Lane: loadLane(2)('v128.load64_lane'),
  ...each('v128', ['and', 'or', 'xor'], vector2),
  /** a & ~b */
  andnot: vector2('v128.andnot'),
  not: vector1('v128.not'),
  /** Bits of a where the mask has ones, bits of b elsewhere. */
  bitselect: ternary('v128', 'v128')('v128.bitselect'),
  /** 1 where any bit is set. */
  anyTrue: test('v128.any_true'),
}

const integerOf = <N extends number | bigint>(shape: Shape<N, Type>) => ({
  ...each(shape.name, ['add', 'sub', 'eq', 'ne', 'ltS', 'gtS', 'leS', 'geS'], two(shape)),
  ...each(shape.name, ['abs', 'neg'], one(shape)),
  ...each(shape.name, ['shl', 'shrS', 'shrU'], shift('v128', 'i32', shape.bits)),
  /** `allTrue`: 1 where no lane is 0. `bitmask`: the lanes' top bits, lane 0 lowest. */
  ...each(shape.name, ['allTrue', 'bitmask'], test),
  /** Lanes of a where the mask's lane is all ones, of b where it is all zeros; else what the engine likes. */
  relaxedLaneselect: ternary('v128', 'v128')(`${shape.name}.relaxed_laneselect`),
})
const unsignedComparisons = ['ltU', 'gtU', 'leU', 'geU'] as const
const extremes = ['minS', 'minU', 'maxS', 'maxU'] as const
const saturating = ['addSatS', 'addSatU', 'subSatS', 'subSatU'] as const

/** Sixteen bytes. */
export const i8x16 = {
  ...access(bytes),
  ...integerOf(bytes),
  ...each('i8x16', [...unsignedComparisons, ...extremes, ...saturating, 'avgrU'], two(bytes)),
  ...each('i8x16', ['extractLaneS', 'extractLaneU'], extract('i32', 16)),
  popcnt: one(bytes)('i8x16.popcnt'),
  /** Bytes of a at the indices in b; an index above 15 gives 0. */
  swizzle: vector2('i8x16.swizzle'),
  /** The same, but an index above 15 gives 0 or a byte of a, as the engine likes. */
  relaxedSwizzle: vector2('i8x16.relaxed_swizzle'),
  /** Sixteen i16, those of a first, saturated to i8 or u8. */
  narrowS: vector2('i8x16.narrow_i16x8_s'),
  narrowU: vector2('i8x16.narrow_i16x8_u'),
}

/** Eight integers of 16 bits; `extend`, `extmul` and `extaddPairwise` take bytes. */
export const i16x8 = {
  ...access(shorts),
  ...integerOf(shorts),
  ...each('i16x8', [...unsignedComparisons, ...extremes, ...saturating, 'avgrU', 'mul', 'q15mulrSatS'], two(shorts)),
  ...each('i16x8', ['extractLaneS', 'extractLaneU'], extract('i32', 8)),
  narrowS: vector2('i16x8.narrow_i32x4_s'),
  narrowU: vector2('i16x8.narrow_i32x4_u'),
  extendLowS: vector1('i16x8.extend_low_i8x16_s'),
  extendLowU: vector1('i16x8.extend_low_i8x16_u'),
  extendHighS: vector1('i16x8.extend_high_i8x16_s'),
  extendHighU: vector1('i16x8.extend_high_i8x16_u'),
  extmulLowS: vector2('i16x8.extmul_low_i8x16_s'),
  extmulLowU: vector2('i16x8.extmul_low_i8x16_u'),
  extmulHighS: vector2('i16x8.extmul_high_i8x16_s'),
  extmulHighU: vector2('i16x8.extmul_high_i8x16_u'),
  extaddPairwiseS: vector1('i16x8.extadd_pairwise_i8x16_s'),
  extaddPairwiseU: vector1('i16x8.extadd_pairwise_i8x16_u'),
  relaxedQ15mulr: vector2('i16x8.relaxed_q15mulr_s'),
  /**
   * a[2i] b[2i] + a[2i + 1] b[2i + 1] of signed bytes a and bytes b of 0..127: then every engine computes the same,
   * as long as no sum leaves i16.
   */
  relaxedDot: vector2('i16x8.relaxed_dot_i8x16_i7x16_s'),
}

/** Four integers of 32 bits; `extend`, `extmul`, `extaddPairwise` and `dot` take i16. */
export const i32x4 = {
  ...access(ints),
  ...integerOf(ints),
  ...each('i32x4', [...unsignedComparisons, ...extremes, 'mul'], two(ints)),
  extractLane: extract('i32', 4)('i32x4.extract_lane'),
  extendLowS: vector1('i32x4.extend_low_i16x8_s'),
  extendLowU: vector1('i32x4.extend_low_i16x8_u'),
  extendHighS: vector1('i32x4.extend_high_i16x8_s'),
  extendHighU: vector1('i32x4.extend_high_i16x8_u'),
  extmulLowS: vector2('i32x4.extmul_low_i16x8_s'),
  extmulLowU: vector2('i32x4.extmul_low_i16x8_u'),
  extmulHighS: vector2('i32x4.extmul_high_i16x8_s'),
  extmulHighU: vector2('i32x4.extmul_high_i16x8_u'),
  extaddPairwiseS: vector1('i32x4.extadd_pairwise_i16x8_s'),
  extaddPairwiseU: vector1('i32x4.extadd_pairwise_i16x8_u'),
  /** a[2i] b[2i] + a[2i + 1] b[2i + 1] of i16 */
  dot: vector2('i32x4.dot_i16x8_s'),
  /** Sums of four products of signed bytes a with bytes b of 0..127, added to c; pairs must stay within i16. */
  relaxedDotAdd: ternary('v128', 'v128')('i32x4.relaxed_dot_i8x16_i7x16_add_s'),
  /** Truncates towards zero; out of range it gives the nearest end, NaN gives 0. */
  truncSatS: vector1('i32x4.trunc_sat_f32x4_s'),
  truncSatU: vector1('i32x4.trunc_sat_f32x4_u'),
  /** Lanes 0 and 1 from two f64, lanes 2 and 3 zero. */
  truncSatF64SZero: vector1('i32x4.trunc_sat_f64x2_s_zero'),
  truncSatF64UZero: vector1('i32x4.trunc_sat_f64x2_u_zero'),
  /** Out of range or NaN: what the engine likes. */
  relaxedTruncS: vector1('i32x4.relaxed_trunc_f32x4_s'),
  relaxedTruncU: vector1('i32x4.relaxed_trunc_f32x4_u'),
}

/** Two integers of 64 bits, constants are bigints; `extend` and `extmul` take i32. */
export const i64x2 = {
  ...access(longs),
  ...integerOf(longs),
  mul: two(longs)('i64x2.mul'),
  extractLane: extract('i64', 2)('i64x2.extract_lane'),
  extendLowS: vector1('i64x2.extend_low_i32x4_s'),
  extendLowU: vector1('i64x2.extend_low_i32x4_u'),
  extendHighS: vector1('i64x2.extend_high_i32x4_s'),
  extendHighU: vector1('i64x2.extend_high_i32x4_u'),
  extmulLowS: vector2('i64x2.extmul_low_i32x4_s'),
  extmulLowU: vector2('i64x2.extmul_low_i32x4_u'),
  extmulHighS: vector2('i64x2.extmul_high_i32x4_s'),
  extmulHighU: vector2('i64x2.extmul_high_i32x4_u'),
}

const floatOf = (shape: Shape<number, Type>) => ({
  ...each(shape.name, ['add', 'sub', 'mul', 'div', 'eq', 'ne', 'lt', 'gt', 'le', 'ge'], two(shape)),
  /** NaN where either is NaN; -0 is below +0. */
  ...each(shape.name, ['min', 'max'], two(shape)),
  /** pmin: b < a ? b : a, pmax: a < b ? b : a, so a where either is NaN. */
  ...each(shape.name, ['pmin', 'pmax'], two(shape)),
  /** NaN and -0 as the engine likes. */
  ...each(shape.name, ['relaxedMin', 'relaxedMax'], two(shape)),
  /** `nearest` rounds half to even. */
  ...each(shape.name, ['abs', 'neg', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest'], one(shape)),
  /** `relaxedMadd`: a b + c, `relaxedNmadd`: c - a b; rounded once where the engine fuses, else twice. */
  ...each(shape.name, ['relaxedMadd', 'relaxedNmadd'], three(shape)),
})

/** Four floats of 32 bits. */
export const f32x4 = {
  ...access(floats),
  ...floatOf(floats),
  extractLane: extract('f32', 4)('f32x4.extract_lane'),
  convertS: vector1('f32x4.convert_i32x4_s'),
  convertU: vector1('f32x4.convert_i32x4_u'),
  /** Lanes 0 and 1 from two f64, lanes 2 and 3 zero. */
  demoteZero: vector1('f32x4.demote_f64x2_zero'),
}

/** Two floats of 64 bits. */
export const f64x2 = {
  ...access(doubles),
  ...floatOf(doubles),
  extractLane: extract('f64', 2)('f64x2.extract_lane'),
  convertLowS: vector1('f64x2.convert_low_i32x4_s'),
  convertLowU: vector1('f64x2.convert_low_i32x4_u'),
  promoteLow: vector1('f64x2.promote_low_f32x4'),
}
