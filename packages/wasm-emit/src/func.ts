import { unsigned } from './leb128.js'
import { opcodeOf } from './opcodes.js'
import { i32 } from './scalar.js'
import {
  type Expression,
  integer,
  type Local,
  memoryImmediates,
  type Operand,
  operand,
  type Place,
  type Type,
  type Value,
} from './value.js'
import { WasmEmitError } from './wasm-emit-error.js'

export type Parameters = Readonly<Record<string, Type>>
export type Result = Type | undefined
type Locals<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> }

/** A function written: its code is complete but for the numbers of the functions that it calls. */
export interface Func<P extends Parameters = Parameters, R extends Result = Result> {
  readonly name: string
  readonly parameters: P
  readonly result: R
  /** Types of the places beside the parameters, and the names that they bore. */
  readonly locals: readonly { readonly type: Type; readonly name: string }[]
  /** Code, with a function in the places where it is called. */
  readonly code: readonly (Uint8Array | Func)[]
}

/** The statements of a function; each is appended where it is written. */
export interface Body {
  /** Computes a value once and gives it a place, which is free again at the end of the enclosing block. */
  local<T extends Type>(initial: Value<T>, name?: string): Local<T>
  /** Runs a block `count` times, at least once: a count that is computed must be above 0. */
  repeat(count: Operand<'i32'>, block: () => void): void
  /** Runs a block with index = from, from + step, ... while index < to (signed); not at all where from >= to. */
  forRange(from: Operand<'i32'>, to: Operand<'i32'>, block: (index: Value<'i32'>) => void, step?: number): void
  /** Runs a block as long as the condition, written anew before each turn, is not 0. */
  loopWhile(condition: () => Operand<'i32'>, block: () => void): void
  /** Runs one of two blocks. */
  when(condition: Operand<'i32'>, then: () => void, otherwise?: () => void): void
  /** pointer += bytes */
  advance(pointer: Local<'i32'>, bytes: Operand<'i32'>): void
  /** Leaves the function early, with its result if it has one. */
  exit(result?: Value<Type>): void
  /** Calls another function now and keeps its result. */
  call<P extends Parameters, R extends Result>(
    callee: Func<P, R>,
    values: { readonly [K in keyof P]: Operand<P[K]> },
  ): R extends Type ? Local<R> : undefined
  /** Writes all bytes of a value to memory at address + offset. */
  store(address: Operand<'i32'>, value: Value<Type>, offset?: number): void
  /** Writes the low byte of an integer. */
  store8(address: Operand<'i32'>, value: Operand<'i32'>, offset?: number): void
  /** Writes the low two bytes of an integer. */
  store16(address: Operand<'i32'>, value: Operand<'i32'>, offset?: number): void
  store8Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store16Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store32Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store64Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  /** Sets bytes of memory. */
  fill(address: Operand<'i32'>, byte: Operand<'i32'>, bytes: Operand<'i32'>): void
  /** Copies bytes of memory; the two may overlap. */
  copy(to: Operand<'i32'>, from: Operand<'i32'>, bytes: Operand<'i32'>): void
}

/** V8's limits. */
const maximumCode = 7_654_321
const maximumLocals = 50_000

interface Loop {
  readonly start: number
  open: boolean
}

interface Storage extends Place {
  open: boolean
  /** When it was last set. */
  set: number
  /** Loops within which a value is read that was written before them. */
  readonly readAcross: Loop[]
}

/**
 * Writes a function: `write` gets the parameters as locals and the statements, and returns the result if there is one.
 *
 * A value means what it meant where it was written: one that reads a local set since, or set later in a loop that began since,
 * is refused with `STALE`; write it anew or keep it with `local`.
 */
export function func<const P extends Parameters, R extends Type>(
  name: string,
  parameters: P,
  write: (parameters: Locals<P>, body: Body) => Value<R>,
): Func<P, R>
export function func<const P extends Parameters>(
  name: string,
  parameters: P,
  write: (parameters: Locals<P>, body: Body) => void,
): Func<P, undefined>
export function func<P extends Parameters>(
  name: string,
  parameters: P,
  // biome-ignore lint/suspicious/noConfusingVoidType: the two overloads in one
  write: (parameters: Locals<P>, body: Body) => Value<Type> | void,
): Func<P> {
  const parts: (Uint8Array | Func)[] = []
  let code: number[] = []
  let size = 0
  let time = 0
  const parameterTypes = Object.values(parameters)
  const locals: { readonly type: Type; readonly names: Set<string> }[] = []
  const free: Record<Type, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] }
  const storages = new Set<Place>()
  let taken: Storage[] = []
  const loops: Loop[] = []
  let exitType: Type | 'nothing' | undefined

  const fail = (error: ConstructorParameters<typeof WasmEmitError>[0], message: string) =>
    new WasmEmitError(error, `${name}: ${message}`)

  function byte(...bytes: number[]) {
    for (const b of bytes) code.push(b)
    if (size + code.length > maximumCode) throw fail('SIZE', `more than ${maximumCode} bytes of code`)
  }
  function opcode(n: number) {
    if (n < 0x100) byte(n)
    else byte(n >> 12, ...unsigned(n & 0xfff))
  }
  const instruction = (mnemonic: string, ...immediates: number[]) => {
    opcode(opcodeOf(mnemonic))
    byte(...immediates)
  }

  function read(place: Place, at: number) {
    const storage = place as Storage
    const called = place.name || `local ${place.index}`
    if (!storages.has(place)) throw fail('PLACE', `${called} belongs to another function`)
    if (!storage.open) throw fail('PLACE', `${called} is read after the end of its block`)
    if (at < storage.set)
      throw fail(
        'STALE',
        `a value reads ${called}, which was set since it was written; write it anew or keep it with local()`,
      )
    const across = loops.find((loop) => loop.start > at)
    if (across && !storage.readAcross.includes(across)) storage.readAcross.push(across)
    instruction('local.get', ...unsigned(place.index))
  }

  // Not recursive: sums of ten thousand terms are written as one value.
  function evaluate(root: Expression) {
    const pending: { readonly expression: Expression; next: number }[] = [{ expression: root, next: 0 }]
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const { expression } = top
      if ('place' in expression) {
        read(expression.place, expression.time)
        pending.pop()
      } else if (top.next < expression.operands.length) {
        pending.push({ expression: expression.operands[top.next++]!, next: 0 })
      } else {
        opcode(expression.opcode)
        byte(...expression.immediates)
        pending.pop()
      }
    }
  }

  function keep(storage: Storage) {
    const called = storage.name || `local ${storage.index}`
    if (!storage.open) throw fail('PLACE', `${called} is set after the end of its block`)
    if (storage.readAcross.some((loop) => loop.open))
      throw fail(
        'STALE',
        `${called} is set in a loop that reads it through a value written before the loop; write that value in the loop or keep it with local()`,
      )
    storage.set = ++time
    instruction('local.set', ...unsigned(storage.index))
  }

  function localAt<T extends Type>(type: T, index: number, called: string): { local: Local<T>; storage: Storage } {
    const storage: Storage = { type, index, name: called, open: true, set: 0, readAcross: [] }
    storages.add(storage)
    const local: Local<T> = {
      type,
      get expression() {
        return { place: storage, time }
      },
      set(value) {
        evaluate(operand(`${name}: ${called || `local ${index}`}.set`, type, value))
        keep(storage)
      },
    }
    return { local, storage }
  }

  function takeLocal<T extends Type>(type: T, called: string): { local: Local<T>; storage: Storage } {
    let index = free[type].pop()
    if (index === undefined) {
      index = parameterTypes.length + locals.push({ type, names: new Set() }) - 1
      if (locals.length > maximumLocals) throw fail('SIZE', `more than ${maximumLocals} locals`)
    }
    if (called) locals[index - parameterTypes.length]!.names.add(called)
    const made = localAt(type, index, called)
    taken.push(made.storage)
    return made
  }

  function block(write: () => void) {
    const outer = taken
    taken = []
    write()
    for (const storage of taken) {
      storage.open = false
      free[storage.type].push(storage.index)
    }
    taken = outer
  }

  function loop(write: () => void) {
    const now: Loop = { start: ++time, open: true }
    loops.push(now)
    instruction('loop', 0x40)
    write()
    instruction('end')
    loops.pop()
    now.open = false
  }

  function storeWith(mnemonic: string, type: Type, address: Operand<'i32'>, value: Operand<Type>, offset: number) {
    const where = `${name}: ${mnemonic}`
    const immediates = memoryImmediates(where, offset)
    evaluate(operand(where, 'i32', address))
    evaluate(operand<Type>(where, type, value))
    instruction(mnemonic, ...immediates)
  }

  const storeLane =
    (bits: 8 | 16 | 32 | 64): Body['store8Lane'] =>
    (address, vector, lane, offset = 0) => {
      integer(`${name}: v128.store${bits}_lane`, 'lane', lane, 0, 128 / bits - 1)
      storeWith(`v128.store${bits}_lane`, 'v128', address, vector, offset)
      byte(lane)
    }

  const bulk =
    (mnemonic: string, ...immediates: number[]) =>
    (a: Operand<'i32'>, b: Operand<'i32'>, c: Operand<'i32'>) => {
      for (const value of [a, b, c]) evaluate(operand(`${name}: ${mnemonic}`, 'i32', value))
      instruction(mnemonic, ...immediates)
    }

  const body: Body = {
    local(initial, called = '') {
      evaluate(initial.expression)
      const { local, storage } = takeLocal(initial.type, called)
      keep(storage)
      return local
    },
    repeat(count, write) {
      if (typeof count === 'number') integer(`${name}: repeat`, 'count', count, 1, 2 ** 31 - 1)
      block(() => {
        const left = body.local(typeof count === 'number' ? i32.const(count) : count, 'left')
        loop(() => {
          block(write)
          left.set(i32.sub(left, 1))
          evaluate(left.expression)
          instruction('br_if', 0)
        })
      })
    },
    forRange(from, to, write, step = 1) {
      integer(`${name}: forRange`, 'step', step, 1, 2 ** 31 - 1)
      block(() => {
        const index = body.local(typeof from === 'number' ? i32.const(from) : from, 'index')
        const end = typeof to === 'number' ? to : body.local(to, 'end')
        body.loopWhile(
          () => i32.ltS(index, end),
          () => {
            write(index)
            body.advance(index, step)
          },
        )
      })
    },
    loopWhile(condition, write) {
      loop(() => {
        evaluate(operand(`${name}: loopWhile`, 'i32', condition()))
        instruction('if', 0x40)
        block(write)
        instruction('br', 1)
        instruction('end')
      })
    },
    when(condition, then, otherwise) {
      evaluate(operand(`${name}: when`, 'i32', condition))
      instruction('if', 0x40)
      block(then)
      if (otherwise) {
        instruction('else')
        block(otherwise)
      }
      instruction('end')
    },
    advance: (pointer, bytes) => pointer.set(i32.add(pointer, bytes)),
    exit(result) {
      const type = result?.type ?? 'nothing'
      if (exitType && exitType !== type)
        throw fail('TYPE', `exit: got ${type}, expected ${exitType} as at an exit before`)
      exitType = type
      if (result) evaluate(result.expression)
      instruction('return')
    },
    call<Q extends Parameters, S extends Result>(
      callee: Func<Q, S>,
      values: { readonly [K in keyof Q]: Operand<Q[K]> },
    ) {
      for (const key of Object.keys(callee.parameters))
        evaluate(operand<Type>(`${name}: call ${callee.name}(${key})`, callee.parameters[key]!, values[key]!))
      for (const key of Object.keys(values))
        if (!(key in callee.parameters)) throw fail('NAME', `call ${callee.name}: no parameter ${key}`)
      parts.push(Uint8Array.from(code), callee)
      size += code.length + 6
      code = []
      if (callee.result === undefined) return undefined as S extends Type ? Local<S> : undefined
      const { local, storage } = takeLocal<Type>(callee.result, callee.name)
      keep(storage)
      return local as S extends Type ? Local<S> : undefined
    },
    store: (address, value, offset = 0) => storeWith(`${value.type}.store`, value.type, address, value, offset),
    store8: (address, value, offset = 0) => storeWith('i32.store8', 'i32', address, value, offset),
    store16: (address, value, offset = 0) => storeWith('i32.store16', 'i32', address, value, offset),
    store8Lane: storeLane(8),
    store16Lane: storeLane(16),
    store32Lane: storeLane(32),
    store64Lane: storeLane(64),
    fill: bulk('memory.fill', 0),
    copy: bulk('memory.copy', 0, 0),
  }

  const entries = Object.entries(parameters).map(
    ([key, type], index) => [key, localAt(type, index, key).local] as const,
  )
  const result = write(Object.fromEntries(entries) as Locals<P>, body)
  const resultType = result ? result.type : undefined
  if (exitType && exitType !== (resultType ?? 'nothing'))
    throw fail('TYPE', `exit: got ${exitType}, expected ${resultType ?? 'nothing'} as the function gives`)
  if (result) evaluate(result.expression)
  instruction('end')
  parts.push(Uint8Array.from(code))
  return {
    name,
    parameters,
    result: resultType,
    locals: locals.map(({ type, names }) => ({ type, name: [...names].join('|') })),
    code: parts,
  }
}
