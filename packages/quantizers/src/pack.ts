import { QuantizerError } from './quantizer-error.js'
import { levelsOf } from './scheme.js'

/**
 * Codes as a stream of bits: each takes `bitsPerCode(levels)` bits, code i those from `i * bits` on; bit j of the stream
 * is bit `j % 8` of byte `floor(j / 8)`, the least significant first, and so is each code's. The last byte is filled up
 * with zeros. 3 bits, codes a b c: the bytes are `ccbbbaaa`, `.......c` (most significant bit to the left).
 * @throws QuantizerError CODE (a code that the range does not have, with its index), LEVELS
 */
export function pack(codes: Uint8Array, { levels }: { readonly levels: number }): Uint8Array {
  const bits = bitsPerCode(levelsOf('pack', { levels }))
  const bytes = new Uint8Array(packedLength(codes.length, { levels }))
  let pending = 0
  let filled = 0
  let next = 0
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    if (code >= levels) throw new QuantizerError('CODE', `pack(): code ${i} is ${code}, expected 0 to ${levels - 1}`)
    pending |= code << filled
    filled += bits
    while (filled >= 8) {
      bytes[next++] = pending & 0xff
      pending >>>= 8
      filled -= 8
    }
  }
  if (filled > 0) bytes[next] = pending
  return bytes
}

/**
 * The `count` codes that these bytes hold; they must be all of the bytes.
 * @throws QuantizerError SHAPE (too few or too many bytes), CODE (a code that the range does not have, or a filled-up bit
 * that is not zero), LEVELS
 */
export function unpack(bytes: Uint8Array, { levels }: { readonly levels: number }, count: number): Uint8Array {
  const bits = bitsPerCode(levelsOf('unpack', { levels }))
  const length = Number.isInteger(count) && count >= 0 ? packedLength(count, { levels }) : Number.NaN
  if (bytes.length !== length) {
    throw new QuantizerError(
      'SHAPE',
      `unpack(): ${bytes.length} bytes for ${count} codes of ${bits} bits, expected ${length}`,
    )
  }
  const codes = new Uint8Array(count)
  const mask = 2 ** bits - 1
  let pending = 0
  let filled = 0
  let next = 0
  for (let i = 0; i < count; i++) {
    if (filled < bits) {
      pending |= bytes[next++]! << filled
      filled += 8
    }
    const code = pending & mask
    if (code >= levels) throw new QuantizerError('CODE', `unpack(): code ${i} is ${code}, expected 0 to ${levels - 1}`)
    codes[i] = code
    pending >>>= bits
    filled -= bits
  }
  if (pending !== 0) {
    throw new QuantizerError('CODE', `unpack(): byte ${length - 1} has bits after the last code, expected zeros`)
  }
  return codes
}

/** Bits that one code takes when packed: `ceil(log2(levels))`, 2..8. */
export function bitsPerCode(levels: number): number {
  return Math.ceil(Math.log2(levels))
}

/** Bytes that `count` packed codes take. */
export function packedLength(count: number, { levels }: { readonly levels: number }): number {
  return Math.ceil((count * bitsPerCode(levels)) / 8)
}
