import { WasmEmitError } from './wasm-emit-error.js'

/** Reads a module's bytes from front to back; positions are offsets in the module. */
export interface BinaryReader {
  more(): boolean
  position(): number
  byte(): number
  bytes(n: number): Uint8Array<ArrayBuffer>
  unsigned(): number
  signed(): bigint
  string(): string
  /** A reader of the next n bytes alone. */
  part(n: number): BinaryReader
  /** As many items as the number in front of them says. */
  list<T>(item: (reader: BinaryReader, i: number) => T): T[]
}

export function binaryReader(module: Uint8Array, start = 0, end = module.length): BinaryReader {
  let at = start

  function advance(n: number): number {
    if (at + n > end) throw new WasmEmitError('FORMAT', `got ${end - at} bytes at 0x${at.toString(16)}, expected ${n}`)
    at += n
    return at - n
  }
  const byte = () => module[advance(1)]!
  const bytes = (n: number) => Uint8Array.from(module.subarray(advance(n), at))

  function leb(): { readonly n: bigint; readonly bits: bigint; readonly negative: boolean } {
    let n = 0n
    for (let bits = 0n; ; bits += 7n) {
      const next = byte()
      n |= BigInt(next & 0x7f) << bits
      if (next < 0x80) return { n, bits: bits + 7n, negative: (next & 0x40) !== 0 }
    }
  }
  const unsigned = () => Number(leb().n)

  const reader: BinaryReader = {
    more: () => at < end,
    position: () => at,
    byte,
    bytes,
    unsigned,
    signed: () => {
      const { n, bits, negative } = leb()
      return negative ? n - (1n << bits) : n
    },
    string: () => new TextDecoder().decode(bytes(unsigned())),
    part: (n) => binaryReader(module, advance(n), at),
    list: (item) => {
      const items = []
      for (let i = 0, n = unsigned(); i < n; i++) items.push(item(reader, i))
      return items
    },
  }
  return reader
}
