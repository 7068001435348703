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
