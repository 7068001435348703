import { unsigned } from './leb128.js'
import { WasmEmitError } from './wasm-emit-error.js'

/** The bytes of an instruction, without its immediates. */
export function opcodeBytes(instruction: string): readonly number[] {
  const bytes = encoded.get(instruction)
  if (bytes === undefined) throw new WasmEmitError('NAME', `no instruction ${instruction}`)
  return bytes
}

const comparisons = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'
const floatComparisons = 'eq ne lt gt le ge'
const integers = 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'
const floats = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign'
const halves = (verb: string, from: string) =>
  ['low_#_s', 'high_#_s', 'low_#_u', 'high_#_u'].map((half) => `${verb}_${half.replace('#', from)}`).join(' ')
const wide = 'add_sat_s add_sat_u sub sub_sat_s sub_sat_u'

// One row per run of numbers: the first number (hexadecimal), a type, its instructions in the order of the numbers; - leaves one out.
const rows = `
3 : loop if else - - - - - end br br_if - return call
1b : select
20 local: get set
28 : i32.load i64.load f32.load f64.load
2c i32: load8_s load8_u load16_s load16_u
30 i64: load8_s load8_u load16_s load16_u load32_s load32_u
36 : i32.store i64.store f32.store f64.store i32.store8 i32.store16
41 : i32.const i64.const f32.const f64.const
45 i32: eqz ${comparisons}
50 i64: eqz ${comparisons}
5b f32: ${floatComparisons}
61 f64: ${floatComparisons}
67 i32: ${integers}
79 i64: ${integers}
8b f32: ${floats}
99 f64: ${floats}
a7 i32: wrap_i64
ac i64: extend_i32_s extend_i32_u
b2 f32: convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64
b7 f64: convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32
bc : i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64
c0 : i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s
fc000 i32: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
fc004 i64: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u
fc00a memory: copy fill
fd000 v128: load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u load8_splat load16_splat load32_splat load64_splat store const
fd00d i8x16: shuffle swizzle
fd00f : i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat
fd015 i8x16: extract_lane_s extract_lane_u replace_lane
fd018 i16x8: extract_lane_s extract_lane_u replace_lane
fd01b : i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane
fd01f : f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane
fd023 i8x16: ${comparisons}
fd02d i16x8: ${comparisons}
fd037 i32x4: ${comparisons}
fd041 f32x4: ${floatComparisons}
fd047 f64x2: ${floatComparisons}
fd04d v128: not and andnot or xor bitselect any_true
fd054 v128: load8_lane load16_lane load32_lane load64_lane store8_lane store16_lane store32_lane store64_lane load32_zero load64_zero
fd05e : f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
fd060 i8x16: abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u
fd067 f32x4: ceil floor trunc nearest
fd06b i8x16: shl shr_s shr_u add ${wide}
fd074 : f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u
fd07c i16x8: extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u
fd07e i32x4: extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u
fd080 i16x8: abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u
fd087 i16x8: ${halves('extend', 'i8x16')}
fd08b i16x8: shl shr_s shr_u add ${wide}
fd094 : f64x2.nearest
fd095 i16x8: mul min_s min_u max_s max_u - avgr_u
fd09c i16x8: ${halves('extmul', 'i8x16')}
fd0a0 i32x4: abs neg - all_true bitmask
fd0a7 i32x4: ${halves('extend', 'i16x8')}
fd0ab i32x4: shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s
fd0bc i32x4: ${halves('extmul', 'i16x8')}
fd0c0 i64x2: abs neg - all_true bitmask
fd0c7 i64x2: ${halves('extend', 'i32x4')}
fd0cb i64x2: shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s
fd0dc i64x2: ${halves('extmul', 'i32x4')}
fd0e0 f32x4: abs neg - sqrt add sub mul div min max pmin pmax
fd0ec f64x2: abs neg - sqrt add sub mul div min max pmin pmax
fd0f8 : i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u
fd0fc : i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u
fd100 : i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u
fd105 : f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd
fd109 : i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect
fd10d : f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max
fd111 : i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s
`

/**
 * Every instruction with its number, in which a prefix byte (0xfc, 0xfd) stands before three hexadecimal digits; WebAssembly 2.0
 * and relaxed SIMD, as far as kernels use them.
 */
export const opcodes: ReadonlyMap<string, number> = new Map(
  rows
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [, first, type, names] = /^(\w+) (\w*): (.*)$/.exec(row) ?? []
      return names!
        .split(' ')
        .map((name, i) => [type === '' ? name : `${type}.${name}`, Number.parseInt(first!, 16) + i] as const)
        .filter(([name]) => !name.endsWith('-'))
    }),
)

const encoded = new Map(
  [...opcodes].map(([name, n]) => [name, n < 0x100 ? [n] : [n >> 12, ...unsigned(n & 0xfff)]] as const),
)
