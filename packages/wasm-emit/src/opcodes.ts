import { WasmEmitError } from './wasm-emit-error.js'

/** The number of an instruction in `opcodes`. */
export function opcodeOf(instruction: string): number {
  const opcode = opcodes.get(instruction)
  if (opcode === undefined) throw new WasmEmitError('NAME', `no instruction ${instruction}`)
  return opcode
}

const comparisons = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'
const floatComparisons = 'eq ne lt gt le ge'
const integers = 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'
const floats = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign'
const halves = (verb: string, from: string) =>
  ['low_#_s', 'high_#_s', 'low_#_u', 'high_#_u'].map((half) => `${verb}_${half.replace('#', from)}`).join(' ')
const wide = 'add_sat_s add_sat_u sub sub_sat_s sub_sat_u'

// Rows of instructions in the order of their numbers: the first number (hexadecimal) where it does not follow the row before, a type,
// its instructions; - leaves a number out.
const rows = `
3 : loop if else - - - - - end br br_if - return call
1b : select
20 local: get set
28 : i32.load i64.load f32.load f64.load
i32: load8_s load8_u load16_s load16_u
i64: load8_s load8_u load16_s load16_u load32_s load32_u
: i32.store i64.store f32.store f64.store i32.store8 i32.store16
41 : i32.const i64.const f32.const f64.const
i32: eqz ${comparisons}
i64: eqz ${comparisons}
f32: ${floatComparisons}
f64: ${floatComparisons}
i32: ${integers}
i64: ${integers}
f32: ${floats}
f64: ${floats}
i32: wrap_i64
ac i64: extend_i32_s extend_i32_u
b2 f32: convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64
f64: convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32
: i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64
: i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s
fc000 i32: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
i64: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
fc00a memory: copy fill
fd000 v128: load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u load8_splat load16_splat load32_splat load64_splat store const
i8x16: shuffle swizzle
: i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat
i8x16: extract_lane_s extract_lane_u replace_lane
i16x8: extract_lane_s extract_lane_u replace_lane
: i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane
: f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane
i8x16: ${comparisons}
i16x8: ${comparisons}
i32x4: ${comparisons}
f32x4: ${floatComparisons}
f64x2: ${floatComparisons}
v128: not and andnot or xor bitselect any_true
v128: load8_lane load16_lane load32_lane load64_lane store8_lane store16_lane store32_lane store64_lane load32_zero load64_zero
: f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
i8x16: abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u
f32x4: ceil floor trunc nearest
i8x16: shl shr_s shr_u add ${wide}
: f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u
i16x8: extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u
i32x4: extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u
i16x8: abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u
i16x8: ${halves('extend', 'i8x16')}
i16x8: shl shr_s shr_u add ${wide}
: f64x2.nearest
i16x8: mul min_s min_u max_s max_u - avgr_u
i16x8: ${halves('extmul', 'i8x16')}
i32x4: abs neg - all_true bitmask
fd0a7 i32x4: ${halves('extend', 'i16x8')}
i32x4: shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s
fd0bc i32x4: ${halves('extmul', 'i16x8')}
i64x2: abs neg - all_true bitmask
fd0c7 i64x2: ${halves('extend', 'i32x4')}
i64x2: shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s
i64x2: ${halves('extmul', 'i32x4')}
f32x4: abs neg - sqrt add sub mul div min max pmin pmax
f64x2: abs neg - sqrt add sub mul div min max pmin pmax
: i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u
: i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u
: i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u
fd105 : f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd
: i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect
: f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max
: i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s
`

/**
 * Every instruction with its number, in which a prefix byte (0xfc, 0xfd) stands before three hexadecimal digits; WebAssembly 2.0
 * and relaxed SIMD, as far as kernels use them.
 */
export const opcodes: ReadonlyMap<string, number> = numbered()

function numbered() {
  const numbers = new Map<string, number>()
  let next = 0
  for (const row of rows.trim().split('\n')) {
    const [, first, type, names] = /^(\w+ )?(\w*): (.*)$/.exec(row) ?? []
    if (first) next = Number.parseInt(first, 16)
    for (const name of names!.split(' ')) {
      if (name !== '-') numbers.set(type === '' ? name : `${type}.${name}`, next)
      next++
    }
  }
  return numbers
}
