import { assemble } from './assemble.js'
import { compile } from './compile.js'
import { func } from './func.js'
import { f32x4, i8x16, i32x4, v128 } from './vector.js'

/** Whether the engine takes relaxed SIMD: Node from 22, 20 with a flag, Chrome from 114. Asked once. */
export const supportsRelaxedSimd = /* @__PURE__ */ once(() =>
  WebAssembly.validate(
    assemble([
      func('probe', {}, (_, { local }) => {
        local(f32x4.relaxedMadd(v128.zero, v128.zero, v128.zero))
      }),
    ]),
  ),
)

/**
 * Whether `i32x4.relaxedDotAdd` adds what it should. The baseline compiler of V8 11.3 (Node 20, behind the flag) adds the dot
 * product to itself instead, until the optimizing one takes over. Asked once, by running it.
 */
export const supportsRelaxedDotAdd = /* @__PURE__ */ once(() => {
  if (!supportsRelaxedSimd()) return false
  const [probe] = compile(
    [
      func('probe', {}, () =>
        i32x4.extractLane(i32x4.relaxedDotAdd(i8x16.splat(1), i8x16.splat(2), i32x4.splat(1000)), 0),
      ),
    ],
    new WebAssembly.Memory({ initial: 0 }),
  )
  return probe() === 1008
})

/** Whether a memory can be shared between threads here: in a page only where it is cross-origin isolated. Asked once. */
export const supportsThreads = /* @__PURE__ */ once(
  () => typeof SharedArrayBuffer !== 'undefined' && WebAssembly.validate(assemble([], { memory: { shared: true } })),
)

function once(ask: () => boolean): () => boolean {
  let answer: boolean | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}
