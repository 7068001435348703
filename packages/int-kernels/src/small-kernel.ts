import { assemble, type Func, type Kernel, type Parameters } from '@lowbit/wasm-emit'

/** A kernel that is wanted while a network is loaded: compiled at once, when it is first asked for, on any memory. */
export function smallKernel<P extends Parameters>(
  write: () => Func<P, undefined>,
): (memory: WebAssembly.Memory) => Kernel<P, undefined> {
  let module: WebAssembly.Module | undefined
  return (memory) => {
    module ??= new WebAssembly.Module(assemble([write()]))
    const [run] = Object.values(new WebAssembly.Instance(module, { env: { memory } }).exports)
    return run as Kernel<P, undefined>
  }
}

/** A memory of zeros for arrays of so many bytes. Each begins at a multiple of 16, and a vector may reach behind its end. */
export function memoryOf(sizes: readonly number[]): { memory: WebAssembly.Memory; addresses: number[] } {
  let end = 0
  const addresses = sizes.map((bytes) => {
    const address = end
    end += 16 * Math.ceil(bytes / 16 + 1)
    return address
  })
  return { memory: new WebAssembly.Memory({ initial: Math.ceil(end / 65536) }), addresses }
}
