import { unsigned } from './leb128.js'
import { WasmEmitError } from './wasm-emit-error.js'

/**
 * Bytes written one after the other. What comes in different kinds of arrays has functions of its own: engines do best with functions
 * that always get the same kind.
 */
export interface ByteWriter {
  append(bytes: readonly number[]): void
  copy(bytes: Uint8Array): void
  /** An instruction, by its number in `opcodes`. */
  opcode(n: number): void
  /** LEB128 of an unsigned integer of 32 bits. */
  unsigned(n: number): void
  /** Writes something, and before it the number of its bytes. */
  sized(write: () => void): void
  /** A copy of those written since it was last asked for. */
  take(): Uint8Array<ArrayBuffer>
}

/**
 * @param most that may be written, by default a gigabyte
 * @throws WasmEmitError SIZE soon after there are more
 */
export function byteWriter(name: string, most = 2 ** 30 - 1): ByteWriter {
  let bytes = new Uint8Array(16_384)
  let length = 0
  let taken = 0

  function makeRoomFor(count: number) {
    if (length + count <= bytes.length) return
    if (length > most) throw new WasmEmitError('SIZE', `${name}: more than ${most} bytes of code`)
    const longer = new Uint8Array(2 * (length + count))
    longer.set(bytes)
    bytes = longer
  }

  function append(added: readonly number[]) {
    makeRoomFor(added.length)
    for (let i = 0; i < added.length; i++) bytes[length++] = added[i]!
  }

  function writeUnsigned(n: number) {
    makeRoomFor(5)
    let left = n
    while (left >= 0x80) {
      bytes[length++] = left | 0x80
      left >>>= 7
    }
    bytes[length++] = left
  }

  return {
    append,

    copy(added) {
      makeRoomFor(added.length)
      bytes.set(added, length)
      length += added.length
    },

    opcode(n) {
      makeRoomFor(1)
      if (n < 0x100) bytes[length++] = n
      else {
        bytes[length++] = n >> 12
        writeUnsigned(n & 0xfff)
      }
    },

    unsigned: writeUnsigned,

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
