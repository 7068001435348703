import type { CodeWriter } from './code-writer.js'
import type { Places } from './places.js'
import { i32 } from './scalar.js'
import {
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
import type { Func, Parameters, Result } from './written-func.js'

/** The statements of a function; each is appended where it is written. */
export interface Body {
  /** Computes a value once and gives it a place, which is free again at the end of the enclosing block. */
  local<T extends Type>(initial: Value<T>, name?: string): Local<T>
  /** Runs a block `count` times, at least once: a count that is computed must be above 0. */
  repeat(count: Operand<'i32'>, block: () => void): void
  /**
   * Runs a block with index = from, from + step, ... while index < to (signed); not at all where from >= to. `to` is computed
   * once; to + step must stay below 2^31.
   */
  forRange(from: Operand<'i32'>, to: Operand<'i32'>, block: (index: Value<'i32'>) => void, step?: number): void
  /** Runs a block as long as the condition is not 0; the condition is written twice, before the loop and at its end. */
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
  /** Writes one lane of 8, 16, 32 or 64 bits. */
  store8Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store16Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store32Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  store64Lane(address: Operand<'i32'>, vector: Value<'v128'>, lane: number, offset?: number): void
  /** Sets bytes of memory. */
  fill(address: Operand<'i32'>, byte: Operand<'i32'>, bytes: Operand<'i32'>): void
  /** Copies bytes of memory; the two may overlap. */
  copy(to: Operand<'i32'>, from: Operand<'i32'>, bytes: Operand<'i32'>): void
}

const noResult = [0x40]

/** The statements that write into `code` and hold `places`; `finish` ends the function and gives the type of its result. */
export function body(functionName: string, code: CodeWriter, places: Places) {
  const { instruction } = code
  let exitType: Type | 'nothing' | undefined

  function evaluate<T extends Type>(what: string, type: T, given: Operand<T>) {
    const fits = typeof given === 'object' && given.type === type
    code.expression(fits ? given : operand(`${functionName}: ${what}`, type, given), places.read)
  }

  function keep(place: Place) {
    places.set(place)
    code.set(place)
  }

  const localAt = <T extends Type>(place: Place<T>): Local<T> => ({
    type: place.type,
    place,
    written: Infinity,
    set(value) {
      evaluate(`${place.name}.set`, place.type, value)
      keep(place)
    },
  })

  function kept<T extends Type>(type: T, name: string): Local<T> {
    const place = places.take(type, name)
    keep(place)
    return localAt(place)
  }

  function local<T extends Type>(initial: Operand<T>, type: T, name: string): Local<T> {
    evaluate('local', type, initial)
    return kept(type, name)
  }

  /** Runs at least once, and again as long as the condition that `write` leaves is not 0. */
  function loop(write: () => Operand<'i32'>) {
    places.loop(() => {
      instruction('loop', noResult)
      evaluate('loop', 'i32', write())
      instruction('br_if', [0])
      instruction('end')
    })
  }

  function branch(condition: Operand<'i32'>, then: () => void, otherwise?: () => void) {
    evaluate('when', 'i32', condition)
    instruction('if', noResult)
    places.block(then)
    if (otherwise) {
      instruction('else')
      places.block(otherwise)
    }
    instruction('end')
  }

  function store<T extends Type>(
    mnemonic: string,
    type: T,
    address: Operand<'i32'>,
    value: Operand<T>,
    immediates: readonly number[],
  ) {
    evaluate(mnemonic, 'i32', address)
    evaluate(mnemonic, type, value)
    instruction(mnemonic, immediates)
  }
  const at = (mnemonic: string, offset: number) => memoryImmediates(`${functionName}: ${mnemonic}`, offset)

  const storeLow =
    (mnemonic: string): Body['store8'] =>
    (address, value, offset = 0) =>
      store(mnemonic, 'i32', address, value, at(mnemonic, offset))

  const storeLane =
    (mnemonic: string, lanes: number): Body['store8Lane'] =>
    (address, vector, lane, offset = 0) => {
      integer(`${functionName}: ${mnemonic}`, 'lane', lane, 0, lanes - 1)
      store(mnemonic, 'v128', address, vector, [...at(mnemonic, offset), lane])
    }

  const bulk =
    (mnemonic: string, immediates: readonly number[]): Body['fill'] =>
    (...values) => {
      for (const value of values) evaluate(mnemonic, 'i32', value)
      instruction(mnemonic, immediates)
    }

  const statements: Body = {
    local: (initial, name = '') => local(initial, initial.type, name),

    repeat(count, block) {
      if (typeof count === 'number') integer(`${functionName}: repeat`, 'count', count, 1, 2 ** 31 - 1)
      places.block(() => {
        const left = local(count, 'i32', 'left')
        loop(() => {
          places.block(block)
          left.set(i32.sub(left, 1))
          return left
        })
      })
    },

    forRange(from, to, block, step = 1) {
      integer(`${functionName}: forRange`, 'step', step, 1, 2 ** 31 - 1)
      if (typeof from === 'number' && typeof to === 'number' && from >= to) return
      places.block(() => {
        const index = local(from, 'i32', 'index')
        const end = typeof to === 'number' ? to : local(to, 'i32', 'end')
        branch(i32.ltS(index, end), () =>
          loop(() => {
            places.block(() => block(index))
            index.set(i32.add(index, step))
            return i32.ltS(index, end)
          }),
        )
      })
    },

    loopWhile: (condition, block) =>
      branch(condition(), () =>
        loop(() => {
          places.block(block)
          return condition()
        }),
      ),

    when: branch,

    advance: (pointer, bytes) => pointer.set(i32.add(pointer, bytes)),

    exit(result) {
      const type = result?.type ?? 'nothing'
      if (exitType && exitType !== type)
        throw new WasmEmitError('TYPE', `${functionName}: exit with ${type}, expected ${exitType} as before`)
      exitType = type
      if (result) evaluate('exit', result.type, result)
      instruction('return')
    },

    call<P extends Parameters, R extends Result>(
      callee: Func<P, R>,
      values: { readonly [K in keyof P]: Operand<P[K]> },
    ) {
      const what = `call of ${callee.name}`
      for (const key of Object.keys(values))
        if (!Object.hasOwn(callee.parameters, key))
          throw new WasmEmitError(
            'NAME',
            `${functionName}: ${what}: got ${key}, expected ${Object.keys(callee.parameters)}`,
          )
      for (const [key, type] of Object.entries(callee.parameters)) evaluate<Type>(`${what}, ${key}`, type, values[key]!)
      code.call(callee)
      const result = callee.result === undefined ? undefined : kept<Type>(callee.result, callee.name)
      return result as R extends Type ? Local<R> : undefined
    },

    store: (address, value, offset = 0) =>
      store(`${value.type}.store`, value.type, address, value, at(`${value.type}.store`, offset)),
    store8: storeLow('i32.store8'),
    store16: storeLow('i32.store16'),
    store8Lane: storeLane('v128.store8_lane', 16),
    store16Lane: storeLane('v128.store16_lane', 8),
    store32Lane: storeLane('v128.store32_lane', 4),
    store64Lane: storeLane('v128.store64_lane', 2),
    fill: bulk('memory.fill', [0]),
    copy: bulk('memory.copy', [0, 0]),
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without a result returns
  function finish(result: Value<Type> | void): Result {
    const type = result?.type ?? 'nothing'
    if (exitType && exitType !== type)
      throw new WasmEmitError('TYPE', `${functionName}: exit with ${exitType}, expected ${type} as at the end`)
    if (result) evaluate('result', result.type, result)
    instruction('end')
    return result?.type
  }

  return { statements, localAt, finish }
}
