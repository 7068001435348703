import { assemble, f32, f64, func, i32, i64, type Type, type Value, v128 } from '../src/index.js'
import type { Load } from '../src/instruction.js'
import { expectTextToGive } from './wabt.js'

/** What a value of a type is in JavaScript; a vector is its sixteen bytes. */
export interface Js {
  i32: number
  i64: bigint
  f32: number
  f64: number
  v128: Uint8Array
}

const slot = 16
const loads: { readonly [T in Type]: Load<T> } = {
  i32: i32.load,
  i64: i64.load,
  f32: f32.load,
  f64: f64.load,
  v128: v128.load,
}

/**
 * Applies an instruction to many records of operands, each operand the first bytes of its sixteen; gives sixteen bytes each. The
 * module's text is held against wabt too.
 */
export function runInstruction<A extends Type>(
  name: string,
  operands: readonly A[],
  apply: (...values: Value<A>[]) => Value<Type>,
  records: readonly (readonly Uint8Array[])[],
): Uint8Array[] {
  const size = slot * (operands.length + 1)
  const memory = new WebAssembly.Memory({ initial: Math.ceil((size * records.length) / 65536) })
  const bytes = new Uint8Array(memory.buffer)
  records.forEach((record, i) => {
    record.forEach((operand, j) => {
      bytes.set(operand, i * size + j * slot)
    })
  })
  const kernel = func(name, { count: 'i32' }, ({ count }, { local, repeat, store, advance }) => {
    const p = local(i32.const(0))
    repeat(count, () => {
      store(p, apply(...operands.map((type, j) => loads[type](p, slot * j))), slot * operands.length)
      advance(p, size)
    })
  })
  const module = assemble([kernel])
  if (!WebAssembly.validate(module)) throw new Error(`${name} makes an invalid module`)
  expectTextToGive(module)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } })
  const run = exports[name]
  if (typeof run === 'function') run(records.length)
  return records.map((_, i) => bytes.slice((i + 1) * size - slot, (i + 1) * size))
}

/** A seeded generator (mulberry32) of integers of 32 bits. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
}
