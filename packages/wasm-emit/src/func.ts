import { type Body, body } from './body.js'
import { codeWriter } from './code-writer.js'
import { places } from './places.js'
import type { Local, Type, Value } from './value.js'

/** Names and types of the parameters, in the order in which the compiled function takes them. */
export type Parameters = Readonly<Record<string, Type>>
export type Result = Type | undefined
export type Locals<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> }

/** A function written: its code is complete but for the numbers of the functions that it calls. */
export interface Func<P extends Parameters = Parameters, R extends Result = Result> {
  readonly name: string
  readonly parameters: P
  readonly result: R
  /** Types of the places beside the parameters, and the names that they bore. */
  readonly locals: readonly { readonly type: Type; readonly name: string }[]
  /** Code, with a function in each place where one is called. */
  readonly code: readonly (Uint8Array | Func)[]
}

/**
 * Writes a function: `write` gets the parameters as locals and the statements, and returns the result if there is one.
 *
 * A value means what it meant where it was written: one that reads a local set since, or set later in a loop that began since,
 * is refused with `STALE`; write it anew or keep it with `local`.
 *
 * @throws WasmEmitError where the code could not run or would not mean what it says
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
  const code = codeWriter(name)
  const held = places(name, parameters)
  const { statements, localAt, finish } = body(name, code, held)
  const given = Object.fromEntries(held.parameters.map((place) => [place.name, localAt(place)]))
  const result = finish(write(given as Locals<P>, statements))
  return { name, parameters, result, locals: held.locals(), code: code.finish() }
}
