import { unsigned } from './leb128.js'
import { WasmEmitError } from './wasm-emit-error.js'

/** Bytes written one after the other. */
export interface ByteWriter {
  append(bytes: ArrayLike<number>): void
  /** Writes something, and before it the number of its bytes. */
  sized(write: () => void): void
  /** A copy of those written since it was last asked for. */
  take(): Uint8Array<ArrayBuffer>
}

/**
 * @param most that may be written
 * @throws WasmEmitError SIZE soon after there are more
 */
export function byteWriter(name: string, most = Infinity): ByteWriter {
  let bytes = new Uint8Array(4096)
  let length = 0
  let taken = 0

  function append(added: ArrayLike<number>) {
    if (length + added.length > bytes.length) {
      if (length > most) throw new WasmEmitError('SIZE', `${name}: more than ${most} bytes of code`)
      const longer = new Uint8Array(2 * (length + added.length))
      longer.set(bytes)
      bytes = longer
    }
    for (let i = 0; i < added.length; i++) bytes[length++] = added[i]!
  }

  return {
    append,

    sized(write) {
      const start = length
      write()
      const end = length
      const size = unsigned(end - start)
      append(size)
      bytes.copyWithin(start + size.length, start, end)
      bytes.set(size, start)
    },

    take() {
      const start = taken
      taken = length
      return bytes.slice(start, length)
    },
  }
}
