import { opcodeOf } from './opcodes.js'
import { compute, constant, integer, integer64, type Operand, operand, type Type, type Value } from './value.js'

export type V128 = Value<'v128'>
/** A vector, or a number that every lane holds. */
export type Lanes<N extends number | bigint = number> = V128 | N

/** How a v128 is divided: the type of a lane outside the vector, its bits, and its bytes in a constant. */
export interface Shape<N extends number | bigint, S extends Type> {
  readonly name: string
  readonly scalar: S
  readonly bits: number
  readonly bytes: (instruction: string, n: N) => Uint8Array
}

const integers = (name: string, bits: 8 | 16 | 32): Shape<number, 'i32'> => ({
  name,
  scalar: 'i32',
  bits,
  bytes: (instruction, n) => {
    const lane = integer(instruction, 'constant', n, -(2 ** (bits - 1)), 2 ** bits - 1)
    return new Uint8Array(Int32Array.of(lane).buffer, 0, bits / 8)
  },
})

export const bytes = integers('i8x16', 8)
export const shorts = integers('i16x8', 16)
export const ints = integers('i32x4', 32)
export const longs: Shape<bigint, 'i64'> = {
  name: 'i64x2',
  scalar: 'i64',
  bits: 64,
  bytes: (instruction, n) => new Uint8Array(BigInt64Array.of(integer64(instruction, n)).buffer),
}
export const floats: Shape<number, 'f32'> = {
  name: 'f32x4',
  scalar: 'f32',
  bits: 32,
  bytes: (_, n) => new Uint8Array(Float32Array.of(n).buffer),
}
export const doubles: Shape<number, 'f64'> = {
  name: 'f64x2',
  scalar: 'f64',
  bits: 64,
  bytes: (_, n) => new Uint8Array(Float64Array.of(n).buffer),
}

/** Instructions on vectors of one shape, whose operands may be numbers for every lane. */
export const lanewise =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Lanes<N>): V128 =>
    compute('v128', opcode, [lanes(instruction, shape, a)])

export const lanewise2 =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Lanes<N>, b: Lanes<N>): V128 =>
    compute('v128', opcode, [lanes(instruction, shape, a), lanes(instruction, shape, b)])

export const lanewise3 =
  <N extends number | bigint>(shape: Shape<N, Type>) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Lanes<N>, b: Lanes<N>, c: Lanes<N>): V128 =>
    compute('v128', opcode, [lanes(instruction, shape, a), lanes(instruction, shape, b), lanes(instruction, shape, c)])

/** Splat, constants, lanes in and out, a shuffle by whole lanes: what every shape has. */
export function access<N extends number | bigint, S extends Type>(shape: Shape<N, S>) {
  const { name, bits, scalar } = shape
  const count = 128 / bits
  const replace = `${name}.replace_lane`
  const shuffle = `${name}.shuffle`
  return {
    /** Every lane the same. */
    splat: (given: N | Value<S>): V128 =>
      isNumber<N>(given)
        ? splat(`${name}.splat`, shape, given)
        : compute('v128', opcodeOf(`${name}.splat`), [operand<Type>(`${name}.splat`, scalar, given)]),
    /** A constant, lane by lane. */
    const: (...given: readonly N[]): V128 => {
      integer(`${name}.const`, 'lanes', given.length, count, count)
      return vectorOf(given.flatMap((n) => [...shape.bytes(`${name}.const`, n)]))
    },
    replaceLane: (vector: V128, lane: number, given: Operand<S>): V128 =>
      compute(
        'v128',
        opcodeOf(replace),
        [operand(replace, 'v128', vector), operand<S>(replace, scalar, given)],
        [integer(replace, 'lane', lane, 0, count - 1)],
      ),
    /** Lanes of a (0..n - 1) and of b (n..2n - 1) in the order given. */
    shuffle: (a: V128, b: V128, order: readonly number[]): V128 => {
      integer(shuffle, 'lanes', order.length, count, count)
      const first = order.map((lane) => (integer(shuffle, 'lane', lane, 0, 2 * count - 1) * bits) / 8)
      return compute(
        'v128',
        opcodeOf('i8x16.shuffle'),
        [operand(shuffle, 'v128', a), operand(shuffle, 'v128', b)],
        first.flatMap((byte) => Array.from({ length: bits / 8 }, (_, i) => byte + i)),
      )
    },
  }
}

/** The lane of a vector, `count` of them. */
export const extract =
  <S extends Type>(scalar: S, count: number) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (vector: V128, lane: number): Value<S> =>
    compute(scalar, opcode, [operand(instruction, 'v128', vector)], [integer(instruction, 'lane', lane, 0, count - 1)])

/** A constant of sixteen bytes. */
const vectorOf = (immediates: readonly number[]): V128 => compute('v128', opcodeOf('v128.const'), [], immediates)

export const zero = vectorOf(new Array<number>(16).fill(0))

const isNumber = <N extends number | bigint>(given: N | Value<Type>): given is N =>
  typeof given === 'number' || typeof given === 'bigint'

function lanes<N extends number | bigint>(instruction: string, shape: Shape<N, Type>, given: Lanes<N>): V128 {
  return isNumber<N>(given) ? splat(instruction, shape, given) : operand<'v128'>(instruction, 'v128', given as V128)
}

/** A number in every lane: as an instruction, a third of the bytes of a v128.const and as fast; zero is a constant. */
function splat<N extends number | bigint>(instruction: string, shape: Shape<N, Type>, n: N): V128 {
  const lane = shape.bytes(instruction, n)
  return lane.every((byte) => byte === 0)
    ? zero
    : compute('v128', opcodeOf(`${shape.name}.splat`), [constant(instruction, shape.scalar, n)])
}
