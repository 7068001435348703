import { binary, each, load, shift, ternary, unary } from './instruction.js'
import {
  access,
  bytes,
  doubles,
  extract,
  floats,
  ints,
  lanewise,
  lanewise2,
  lanewise3,
  longs,
  type Shape,
  shorts,
  type V128,
  zero,
} from './lane-shape.js'
import { opcodeOf } from './opcodes.js'
import { compute, integer, memoryImmediates, type Operand, operand, type Type } from './value.js'

const loadLane = (count: number) => (instruction: string) => {
  const opcode = opcodeOf(instruction)
  return (address: Operand<'i32'>, vector: V128, lane: number, offset = 0): V128 =>
    compute(
      'v128',
      opcode,
      [operand(instruction, 'i32', address), operand(instruction, 'v128', vector)],
      [...memoryImmediates(instruction, offset), integer(instruction, 'lane', lane, 0, count - 1)],
    )
}

const vector1 = unary('v128', 'v128')
const vector2 = binary('v128', 'v128')
const test = unary('v128', 'i32')

/** All 128 bits: loads, bitwise logic. */
export const v128 = {
  zero,
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
  ...each(shape.name, ['add', 'sub', 'eq', 'ne', 'ltS', 'gtS', 'leS', 'geS'], lanewise2(shape)),
  ...each(shape.name, ['abs', 'neg'], lanewise(shape)),
  ...each(shape.name, ['shl', 'shrS', 'shrU'], shift('v128', 'i32', shape.bits)),
  /** `allTrue`: 1 where no lane is 0. `bitmask`: the lanes' top bits, lane 0 lowest. */
  ...each(shape.name, ['allTrue', 'bitmask'], test),
  /** Lanes of a where the mask's lane is all ones, of b where it is all zeros; else what the engine likes. */
  relaxedLaneselect: ternary('v128', 'v128')(`${shape.name}.relaxed_laneselect`),
})
const unsignedComparisons = ['ltU', 'gtU', 'leU', 'geU'] as const
const extremes = ['minS', 'minU', 'maxS', 'maxU'] as const
const saturating = ['addSatS', 'addSatU', 'subSatS', 'subSatU'] as const

/** Lanes of twice the width from the lower or upper half of a vector's, or of two, multiplied. */
const widening = (type: string, from: string) => ({
  ...each(type, ['extendLowS', 'extendLowU', 'extendHighS', 'extendHighU'], vector1, from),
  ...each(type, ['extmulLowS', 'extmulLowU', 'extmulHighS', 'extmulHighU'], vector2, from),
})
const pairwise = ['extaddPairwiseS', 'extaddPairwiseU'] as const

/** Sixteen bytes. */
export const i8x16 = {
  ...access(bytes),
  ...integerOf(bytes),
  ...each('i8x16', [...unsignedComparisons, ...extremes, ...saturating, 'avgrU'], lanewise2(bytes)),
  ...each('i8x16', ['extractLaneS', 'extractLaneU'], extract('i32', 16)),
  popcnt: lanewise(bytes)('i8x16.popcnt'),
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
  ...each(
    'i16x8',
    [...unsignedComparisons, ...extremes, ...saturating, 'avgrU', 'mul', 'q15mulrSatS'],
    lanewise2(shorts),
  ),
  ...each('i16x8', ['extractLaneS', 'extractLaneU'], extract('i32', 8)),
  narrowS: vector2('i16x8.narrow_i32x4_s'),
  narrowU: vector2('i16x8.narrow_i32x4_u'),
  ...widening('i16x8', 'i8x16'),
  ...each('i16x8', pairwise, vector1, 'i8x16'),
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
  ...each('i32x4', [...unsignedComparisons, ...extremes, 'mul'], lanewise2(ints)),
  extractLane: extract('i32', 4)('i32x4.extract_lane'),
  ...widening('i32x4', 'i16x8'),
  ...each('i32x4', pairwise, vector1, 'i16x8'),
  /** a[2i] b[2i] + a[2i + 1] b[2i + 1] of i16 */
  dot: vector2('i32x4.dot_i16x8_s'),
  /**
   * Sums of four products of signed bytes a with bytes b of 0..127, added to c; pairs must stay within i16. Ask
   * `supportsRelaxedDotAdd` first: V8 11.3 has it wrong.
   */
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
export const i64x2 = /* @__PURE__ */ (() => ({
  ...access(longs),
  ...integerOf(longs),
  mul: lanewise2(longs)('i64x2.mul'),
  extractLane: extract('i64', 2)('i64x2.extract_lane'),
  ...widening('i64x2', 'i32x4'),
}))()

const floatOf = (shape: Shape<number, Type>) => ({
  ...each(shape.name, ['add', 'sub', 'mul', 'div', 'eq', 'ne', 'lt', 'gt', 'le', 'ge'], lanewise2(shape)),
  /** NaN where either is NaN; -0 is below +0. */
  ...each(shape.name, ['min', 'max'], lanewise2(shape)),
  /** pmin: b < a ? b : a, pmax: a < b ? b : a, so a where either is NaN. */
  ...each(shape.name, ['pmin', 'pmax'], lanewise2(shape)),
  /** NaN and -0 as the engine likes. */
  ...each(shape.name, ['relaxedMin', 'relaxedMax'], lanewise2(shape)),
  /** `nearest` rounds half to even. */
  ...each(shape.name, ['abs', 'neg', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest'], lanewise(shape)),
  /** `relaxedMadd`: a b + c, `relaxedNmadd`: c - a b; rounded once where the engine fuses, else twice. */
  ...each(shape.name, ['relaxedMadd', 'relaxedNmadd'], lanewise3(shape)),
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
export const f64x2 = /* @__PURE__ */ (() => ({
  ...access(doubles),
  ...floatOf(doubles),
  extractLane: extract('f64', 2)('f64x2.extract_lane'),
  convertLowS: vector1('f64x2.convert_low_i32x4_s'),
  convertLowU: vector1('f64x2.convert_low_i32x4_u'),
  promoteLow: vector1('f64x2.promote_low_f32x4'),
}))()
