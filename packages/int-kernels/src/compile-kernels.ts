import { assemble, type Func } from '@lowbit/wasm-emit'
import { emit, type Kernel } from './kernels/kernel.js'
import type { Share } from './kernels/share.js'

/** Kernels compiled in one module. */
export interface CompiledKernels {
  readonly module: WebAssembly.Module
  /** Of each kernel: a function that takes addresses. */
  readonly functions: readonly Func[]
}

/** By what the code depends on: networks of the same shapes and widths are compiled once. Emptied where it would hold many. */
const cache = new Map<string, Promise<CompiledKernels>>()

/** @param shared whether they are for a memory that threads share */
export function compileKernels(kernels: readonly Kernel[], shared = false): Promise<CompiledKernels> {
  const key = JSON.stringify([kernels, shared])
  const compiled = cache.get(key) ?? compile(kernels, shared)
  if (cache.size > 99) cache.clear()
  cache.set(key, compiled)
  return compiled
}

async function compile(kernels: readonly Kernel[], shared: boolean): Promise<CompiledKernels> {
  const written = new Map<string, Func>()
  const share: Share = (spec, write) => {
    const key = JSON.stringify(spec)
    const func = (written.get(key) as ReturnType<typeof write> | undefined) ?? write(spec)
    written.set(key, func)
    return func
  }
  const functions = kernels.map((kernel, i) =>
    share(kernel, () => ({ ...emit(kernel, share), name: `${kernel.kernel} ${i}` })),
  )
  const module = await WebAssembly.compile(assemble([...new Set(functions)], { name: 'kernels', memory: { shared } }))
  return { module, functions }
}
