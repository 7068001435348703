import { assemble } from './assemble.js'
import { func } from './func.js'
import { f32x4, v128 } from './vector.js'

/** Whether the engine takes relaxed SIMD: Node from 22 (20 with a flag), Chrome from 114, Firefox from 145. Asked once. */
export const supportsRelaxedSimd = once(() =>
  WebAssembly.validate(
    assemble([
      func('probe', {}, (_, { local }) => {
        local(f32x4.relaxedMadd(v128.zero, v128.zero, v128.zero))
      }),
    ]),
  ),
)

/** Whether a memory can be shared between threads here: in a page only where it is cross-origin isolated. Asked once. */
export const supportsThreads = once(
  () => typeof SharedArrayBuffer !== 'undefined' && WebAssembly.validate(assemble([], { memory: { shared: true } })),
)

function once(ask: () => boolean): () => boolean {
  let answer: boolean | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}
