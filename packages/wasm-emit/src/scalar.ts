import { binary, each, load, shift, unary } from './instruction.js'
import { opcodeOf } from './opcodes.js'
import { compute, constant, type Operand, operand, type Type, type Value } from './value.js'

const comparisons = ['eq', 'ne', 'ltS', 'ltU', 'gtS', 'gtU', 'leS', 'leU', 'geS', 'geU'] as const
const floatComparisons = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'] as const
const shifts = ['shl', 'shrS', 'shrU', 'rotl', 'rotr'] as const
const integerUnaries = ['clz', 'ctz', 'popcnt', 'extend8S', 'extend16S'] as const
const integerBinaries = ['add', 'sub', 'mul', 'divS', 'divU', 'remS', 'remU', 'and', 'or', 'xor'] as const
const floatUnaries = ['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'] as const
const floatBinaries = ['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign'] as const

/** Integers of 32 bits, and addresses. `divS`, `divU`, `remS`, `remU` trap on zero; comparisons give 1 or 0. */
export const i32 = {
  const: (n: number): Value<'i32'> => constant('i32.const', 'i32', n),
  ...each('i32', integerBinaries, binary('i32', 'i32')),
  ...each('i32', shifts, shift('i32', 'i32', 32)),
  ...each('i32', ['eqz', ...integerUnaries], unary('i32', 'i32')),
  ...each('i32', comparisons, binary('i32', 'i32')),
  ...each('i32', ['load', 'load8S', 'load8U', 'load16S', 'load16U'], load('i32')),
  wrap: unary('i64', 'i32')('i32.wrap_i64'),
  /** Truncates towards zero; out of range it gives the nearest end, NaN gives 0. */
  truncSatS: unary('f32', 'i32')('i32.trunc_sat_f32_s'),
  truncSatU: unary('f32', 'i32')('i32.trunc_sat_f32_u'),
  truncSatF64S: unary('f64', 'i32')('i32.trunc_sat_f64_s'),
  truncSatF64U: unary('f64', 'i32')('i32.trunc_sat_f64_u'),
  reinterpret: unary('f32', 'i32')('i32.reinterpret_f32'),
}

/** Integers of 64 bits; constants are bigints, comparisons give an i32. */
export const i64 = /* @__PURE__ */ (() => ({
  const: (n: bigint): Value<'i64'> => constant('i64.const', 'i64', n),
  ...each('i64', integerBinaries, binary('i64', 'i64')),
  ...each('i64', shifts, shift('i64', 'i64', 64)),
  ...each('i64', [...integerUnaries, 'extend32S'], unary('i64', 'i64')),
  eqz: unary('i64', 'i32')('i64.eqz'),
  ...each('i64', comparisons, binary('i64', 'i32')),
  ...each('i64', ['load', 'load8S', 'load8U', 'load16S', 'load16U', 'load32S', 'load32U'], load('i64')),
  extendS: unary('i32', 'i64')('i64.extend_i32_s'),
  extendU: unary('i32', 'i64')('i64.extend_i32_u'),
  truncSatS: unary('f32', 'i64')('i64.trunc_sat_f32_s'),
  truncSatU: unary('f32', 'i64')('i64.trunc_sat_f32_u'),
  truncSatF64S: unary('f64', 'i64')('i64.trunc_sat_f64_s'),
  truncSatF64U: unary('f64', 'i64')('i64.trunc_sat_f64_u'),
  reinterpret: unary('f64', 'i64')('i64.reinterpret_f64'),
}))()

/** Floats of 32 bits, rounded to nearest even; constants are rounded to f32. `min` and `max` give NaN where either is NaN. */
export const f32 = /* @__PURE__ */ (() => ({
  const: (n: number): Value<'f32'> => constant('f32.const', 'f32', n),
  ...each('f32', floatBinaries, binary('f32', 'f32')),
  ...each('f32', floatUnaries, unary('f32', 'f32')),
  ...each('f32', floatComparisons, binary('f32', 'i32')),
  load: load('f32')('f32.load'),
  convertS: unary('i32', 'f32')('f32.convert_i32_s'),
  convertU: unary('i32', 'f32')('f32.convert_i32_u'),
  convertI64S: unary('i64', 'f32')('f32.convert_i64_s'),
  convertI64U: unary('i64', 'f32')('f32.convert_i64_u'),
  demote: unary('f64', 'f32')('f32.demote_f64'),
  reinterpret: unary('i32', 'f32')('f32.reinterpret_i32'),
}))()

/** Floats of 64 bits. */
export const f64 = /* @__PURE__ */ (() => ({
  const: (n: number): Value<'f64'> => constant('f64.const', 'f64', n),
  ...each('f64', floatBinaries, binary('f64', 'f64')),
  ...each('f64', floatUnaries, unary('f64', 'f64')),
  ...each('f64', floatComparisons, binary('f64', 'i32')),
  load: load('f64')('f64.load'),
  convertS: unary('i32', 'f64')('f64.convert_i32_s'),
  convertU: unary('i32', 'f64')('f64.convert_i32_u'),
  convertI64S: unary('i64', 'f64')('f64.convert_i64_s'),
  convertI64U: unary('i64', 'f64')('f64.convert_i64_u'),
  promote: unary('f32', 'f64')('f64.promote_f32'),
  reinterpret: unary('i64', 'f64')('f64.reinterpret_i64'),
}))()

/** yes where the condition is not 0, else no; both are computed. */
export function select<T extends Type>(condition: Operand<'i32'>, yes: Value<T>, no: Value<T>): Value<T> {
  return compute(yes.type, opcodeOf('select'), [
    operand<Type>('select', yes.type, yes),
    operand<Type>('select', yes.type, no),
    operand('select', 'i32', condition),
  ])
}
