import { assemble } from './assemble.js'
import type { Type } from './value.js'
import type { Func, Parameters, Result } from './written-func.js'

interface Scalars {
  i32: number
  i64: bigint
  f32: number
  f64: number
  v128: never
}

/** A function of a compiled module: arguments in the order of the parameters. */
export type Kernel<P extends Parameters = Parameters, R extends Result = Result> = (
  ...values: Scalars[P[keyof P]][]
) => R extends Type ? Scalars[R] : undefined

export type Kernels<F extends readonly Func[]> = {
  readonly [K in keyof F]: F[K] extends Func<infer P, infer R> ? Kernel<P, R> : never
}

/** Assembles, compiles and instantiates at once, on any memory, shared or not: kernels in the order of the functions. */
export function compile<const F extends readonly Func[]>(
  functions: F,
  memory: WebAssembly.Memory,
  name?: string,
): Kernels<F> {
  const module = new WebAssembly.Module(bytesFor(functions, memory, name))
  return kernels(functions, new WebAssembly.Instance(module, { env: { memory } }))
}

/** As `compile`, off the main thread. Chrome's main thread refuses to compile more than 8 MB at once in any other way. */
export async function compileAsync<const F extends readonly Func[]>(
  functions: F,
  memory: WebAssembly.Memory,
  name?: string,
): Promise<Kernels<F>> {
  const { instance } = await WebAssembly.instantiate(bytesFor(functions, memory, name), { env: { memory } })
  return kernels(functions, instance)
}

function bytesFor(functions: readonly Func[], memory: WebAssembly.Memory, name = functions[0]?.name ?? '') {
  // By its tag: a page that is not cross-origin isolated has shared memories, but no SharedArrayBuffer to compare with.
  const shared = Object.prototype.toString.call(memory.buffer) === '[object SharedArrayBuffer]'
  return assemble(functions, { memory: { shared }, name })
}

function kernels<F extends readonly Func[]>(functions: F, { exports }: WebAssembly.Instance): Kernels<F> {
  return functions.map(({ name }) => exports[name] as Kernel) as readonly Kernel[] as Kernels<F>
}
