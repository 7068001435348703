import type { Func, Parameters, Result } from '@lowbit/wasm-emit'

/** Writes a function once for what its code depends on: kernels of one module share it. */
export type Share = <Spec extends object, P extends Parameters, R extends Result>(
  spec: Spec,
  write: (spec: Spec) => Func<P, R>,
) => Func<P, R>
