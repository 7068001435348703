import { compile, f32x4, func, type Local, supportsRelaxedSimd, v128 } from '@lowbit/wasm-emit'
import type { Candidate } from './interleave.js'
import { timed } from './stopwatch.js'

/** Sums that do not wait for each other: enough to keep both of a processor's multiply-add units busy. */
const SUMS = 12
const TURNS = 200_000

/** Floating-point operations of one call of what `arithmeticLimit` gives. */
export const LIMIT_FLOPS = 2 * 4 * SUMS * TURNS

/**
 * What no kernel of 128-bit vectors can exceed: multiply-adds on registers alone, fused where the engine has relaxed SIMD.
 * Timed beside other work, as machines do not always run at the same clock.
 */
export function arithmeticLimit(): Candidate {
  const multiplyAdd = supportsRelaxedSimd()
    ? f32x4.relaxedMadd
    : (a: Local<'v128'>, b: Local<'v128'>, c: Local<'v128'>) => f32x4.add(f32x4.mul(a, b), c)
  const kernel = func('multiply_adds', {}, (_, { local, repeat, store }) => {
    const factor = local(v128.load(0))
    const sums = Array.from({ length: SUMS }, () => local(f32x4.splat(0)))
    repeat(TURNS, () => {
      for (const sum of sums) sum.set(multiplyAdd(factor, factor, sum))
    })
    for (const [i, sum] of sums.entries()) store(16 * i, sum)
  })
  const [run] = compile([kernel], new WebAssembly.Memory({ initial: 1 }))
  return timed('arithmetic limit', run)
}
