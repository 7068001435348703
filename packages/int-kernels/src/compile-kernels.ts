import { assemble, type Func } from '@lowbit/wasm-emit'
import { emit, type Kernel } from './kernels/kernel.js'

/** A compiled kernel: the addresses that it takes, in order, and its module. */
export interface Compiled {
  readonly parameters: readonly string[]
  readonly name: string
  readonly module: WebAssembly.Module
}

/** Compiled kernels by what their code depends on. Shared by all networks; at most `most` of them, the longest unused go first. */
const cache = new Map<string, Promise<Compiled>>()
const most = 512

/** @param shared whether it is for a memory that threads share */
export function compileKernel(kernel: Kernel, shared = false): Promise<Compiled> {
  const key = JSON.stringify([kernel, shared])
  const known = cache.get(key)
  const compiled = known ?? compile(emit(kernel), shared)
  cache.delete(key)
  cache.set(key, compiled)
  if (cache.size > most) cache.delete(cache.keys().next().value!)
  return compiled
}

async function compile(func: Func, shared: boolean): Promise<Compiled> {
  const module = await WebAssembly.compile(assemble([func], { name: func.name, memory: { shared } }))
  return { parameters: Object.keys(func.parameters), name: func.name, module }
}
