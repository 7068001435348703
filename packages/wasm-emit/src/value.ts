import { signed, signed64, unsigned } from './leb128.js'
import { opcodeOf } from './opcodes.js'
import { WasmEmitError } from './wasm-emit-error.js'

/** The types of WebAssembly's values; a v128 is read as lanes by the instruction that takes it. */
export type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/**
 * A value not yet computed: an expression that an instruction or statement takes as operand. Using it twice computes it twice;
 * `local` computes it once. What it loads from memory, it loads where it is used.
 */
export type Value<T extends Type> = Computation<T> | Reading<T>

/** A value that has a place in its function: reading it is free, and it can be set. */
export interface Local<T extends Type> extends Reading<T> {
  set(value: Operand<T>): void
}

/** What an instruction takes: a value, or for scalars a JavaScript number (bigint for i64), which becomes a constant. */
export type Operand<T extends Type> = Value<T> | Constants[T]

interface Constants {
  i32: number
  i64: bigint
  f32: number
  f64: number
  v128: never
}

/** An instruction applied to operands. */
interface Computation<T extends Type> {
  readonly type: T
  /** Its number in `opcodes`. */
  readonly opcode: number
  readonly operands: readonly Value<Type>[]
  /** The bytes after the opcode: constant, lane, offset. */
  readonly immediates: readonly number[]
}

/** A local read: as it was at a time, if it was not set since; a local itself is read as it is where the code stands. */
export interface Reading<T extends Type = Type> {
  readonly type: T
  readonly place: Place
  readonly written: number
}

/** Where a local lives. */
export interface Place<T extends Type = Type> {
  readonly type: T
  /** WebAssembly's number of the local; places whose blocks do not overlap share one. */
  readonly index: number
  readonly name: string
  /** Its function's, and no other's. */
  readonly clock: Clock
  /** Whether the block that took it is still being written. */
  open: boolean
  /** When it was last set. */
  lastSet: number
  /** Loops within which a value is read that was written before them. */
  readAcross: readonly Loop[]
}

/** A loop being written, or that was. */
export interface Loop {
  readonly start: number
  open: boolean
}

/** Counts, within a function, what may change the meaning of a value: settings of places and beginnings of loops. */
export interface Clock {
  time: number
}

/** The value that an instruction leaves. */
export function compute<T extends Type>(
  type: T,
  opcode: number,
  operands: readonly Value<Type>[],
  immediates: readonly number[] = none,
): Value<T> {
  return { type, opcode, operands, immediates }
}

const none: readonly never[] = []

/** An operand as it is now, checked against the type that the instruction takes. */
export function operand<T extends Type>(instruction: string, type: T, given: Operand<T>): Value<T> {
  if (typeof given === 'number' || typeof given === 'bigint') return constant(instruction, type, given)
  if (given?.type !== type)
    throw new WasmEmitError('TYPE', `${instruction}: got ${given?.type ?? String(given)}, expected ${type}`)
  const value = given as Value<T>
  return 'place' in value ? { type, place: value.place, written: value.place.clock.time } : value
}

/** A constant: i32 and i64 take signed and unsigned integers of their width. */
export function constant<T extends Type>(instruction: string, type: T, n: number | bigint): Value<T> {
  return compute(type, opcodeOf(`${type}.const`), none, constantBytes(instruction, type, n))
}

function constantBytes(instruction: string, type: Type, n: number | bigint): number[] {
  if (type === 'i64' && typeof n === 'bigint') return signed64(BigInt.asIntN(64, integer64(instruction, n)))
  if (type === 'i32' && typeof n === 'number')
    return signed(integer(instruction, 'constant', n, -(2 ** 31), 2 ** 32 - 1) | 0)
  if (type === 'f32' && typeof n === 'number') return Array.from(new Uint8Array(Float32Array.of(n).buffer))
  if (type === 'f64' && typeof n === 'number') return Array.from(new Uint8Array(Float64Array.of(n).buffer))
  throw new WasmEmitError('TYPE', `${instruction}: got the ${typeof n} ${n}, expected ${type}`)
}

/** n, or an error where it is not an integer of 64 bits, signed or unsigned. */
export function integer64(instruction: string, n: bigint): bigint {
  if (n >= -(2n ** 63n) && n < 2n ** 64n) return n
  throw new WasmEmitError('RANGE', `${instruction}: constant ${n}, expected an integer from -2^63 to 2^64 - 1`)
}

/** n, or an error that says which integers were expected. */
export function integer(instruction: string, what: string, n: number, minimum: number, maximum: number): number {
  if (!Number.isInteger(n) || n < minimum || n > maximum)
    throw new WasmEmitError('RANGE', `${instruction}: ${what} ${n}, expected an integer from ${minimum} to ${maximum}`)
  return n
}

/** The immediates of a load or store: no alignment promised, and an offset that is added to the address without wrapping. */
export function memoryImmediates(instruction: string, offset: number): number[] {
  return [0, ...unsigned(integer(instruction, 'offset', offset, 0, 2 ** 32 - 1))]
}
