import type { Local, Type } from './value.js'

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
