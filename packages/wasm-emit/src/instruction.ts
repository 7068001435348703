import { opcodeOf } from './opcodes.js'
import { compute, integer, memoryImmediates, type Operand, operand, type Type, type Value } from './value.js'

/** Reads from memory at address + offset (bytes; offset 0..2^32 - 1, added without wrapping). */
export type Load<T extends Type> = (address: Operand<'i32'>, offset?: number) => Value<T>

export const unary =
  <A extends Type, R extends Type>(from: A, to: R) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Operand<A>): Value<R> =>
    compute(to, opcode, [operand(instruction, from, a)])

export const binary =
  <A extends Type, R extends Type>(from: A, to: R) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Operand<A>, b: Operand<A>): Value<R> =>
    compute(to, opcode, [operand(instruction, from, a), operand(instruction, from, b)])

export const ternary =
  <A extends Type, R extends Type>(from: A, to: R) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Operand<A>, b: Operand<A>, c: Operand<A>): Value<R> =>
    compute(to, opcode, [operand(instruction, from, a), operand(instruction, from, b), operand(instruction, from, c)])

/** A shift or rotation of T by a count of type C; a constant count must be below `bits`, where WebAssembly would wrap it. */
export const shift =
  <T extends Type, C extends Type>(type: T, count: C, bits: number) =>
  (instruction: string, opcode = opcodeOf(instruction)) =>
  (a: Operand<T>, by: Operand<C>): Value<T> => {
    if (typeof by === 'number' || typeof by === 'bigint') integer(instruction, 'shift count', Number(by), 0, bits - 1)
    return compute(type, opcode, [operand(instruction, type, a), operand(instruction, count, by)])
  }

export const load =
  <T extends Type>(type: T) =>
  (instruction: string, opcode = opcodeOf(instruction)): Load<T> =>
  (address, offset = 0) =>
    compute(type, opcode, [operand(instruction, 'i32', address)], memoryImmediates(instruction, offset))

/**
 * Instructions of one type that take and give the same: `each('f32', ['add', 'sub'], binary('f32', 'f32'))`.
 * @param from the type that stands in their names before the sign, where they read another
 */
export function each<Name extends string, F>(
  type: string,
  names: readonly Name[],
  make: (instruction: string) => F,
  from?: string,
): Record<Name, F> {
  const instruction = (name: string) =>
    `${type}.${from ? snakeCase(name).replace(/_.$/, `_${from}$&`) : snakeCase(name)}`
  return Object.fromEntries(names.map((name) => [name, make(instruction(name))])) as Record<Name, F>
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
