import { type Body, body } from './body.js'
import { codeWriter } from './code-writer.js'
import { places } from './places.js'
import type { Type, Value } from './value.js'
import type { Func, Locals, Parameters } from './written-func.js'

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
