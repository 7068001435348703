import { func, i32x4, v128 } from '@lowbit/wasm-emit'
import { smallKernel } from './small-kernel.js'

/** What kernels may count on. The results are the same bits on every engine; only the way to them differs. */
export interface Engine {
  /** The relaxed dot products of bytes are there. */
  readonly relaxedDot: boolean
  /**
   * The accumulating relaxed dot product is one instruction (x86 with VNNI), takes bytes 0..255 for its second operand, and never
   * saturates. The specification leaves both open, but fixed for an engine on a machine, so asking once is enough.
   */
  readonly unsignedDotAdd: boolean
}

/** SIMD as every current engine has it, nothing relaxed. */
export const plainEngine: Engine = { relaxedDot: false, unsignedDotAdd: false }

/** What this engine on this machine can do. Asked once. */
export function detectEngine(): Engine {
  detected ??= probeEngine()
  return detected
}

let detected: Engine | undefined

/** 127 * 255 * 4 and -128 * 255 * 4 need 17 bits: what works in i16 saturates, what takes 255 as signed gives -127 * 4. */
function probeEngine(): Engine {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const weights = new Int8Array(memory.buffer, 0, 16)
  new Uint8Array(memory.buffer, 16, 16).fill(255)
  try {
    const run = probe(memory)
    const unsignedDotAdd = [127, -128].every((weight) => {
      weights.fill(weight)
      run()
      return new Int32Array(memory.buffer, 0, 4).every((sum) => sum === 4 * weight * 255)
    })
    return { relaxedDot: true, unsignedDotAdd }
  } catch {
    // It does not know the instruction.
    return plainEngine
  }
}

const probe = smallKernel(() =>
  func('probe', {}, (_, { store }) => {
    store(0, i32x4.relaxedDotAdd(v128.load(0, 0), v128.load(0, 16), v128.load(0, 32)))
  }),
)
