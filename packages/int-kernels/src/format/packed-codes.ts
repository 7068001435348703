/** Bits that hold one of `levels` codes: ceil(log2(levels)). */
export function bitsOf(levels: number): number {
  return 32 - Math.clz32(levels - 1)
}

/** Bytes that hold `count` codes. */
export function packedBytes(count: number, levels: number): number {
  return Math.ceil((count * bitsOf(levels)) / 8)
}

/** Codes as one string of bits: code i takes bits i * b .. i * b + b - 1, bit n is bit n % 8 of byte n / 8. Left-over bits are 0. */
export function packCodes(codes: Uint8Array, levels: number): Uint8Array<ArrayBuffer> {
  const bits = bitsOf(levels)
  const packed = new Uint8Array(packedBytes(codes.length, levels))
  let pending = 0
  let pendingBits = 0
  let at = 0
  for (const code of codes) {
    pending |= code << pendingBits
    pendingBits += bits
    while (pendingBits >= 8) {
      packed[at++] = pending & 0xff
      pending >>>= 8
      pendingBits -= 8
    }
  }
  if (pendingBits > 0) packed[at] = pending
  return packed
}

/** The inverse of `packCodes`, or the index of the first code that is not below `levels`: `count` where left-over bits are set. */
export function unpackCodes(packed: Uint8Array, levels: number, count: number): Uint8Array<ArrayBuffer> | number {
  const bits = bitsOf(levels)
  // With room for the rest of a word: a byte's codes are written as one.
  const codes = new Uint8Array(8 * Math.ceil(count / 8))
  const unpack = unpackBytes[levels] ?? unpackBits
  for (let from = 0; from < count; from += together) {
    const refused = unpack(packed, codes, from, Math.min(from + together, count), levels)
    if (refused !== undefined) return refused
  }
  const leftOver = 8 * packed.length - bits * count
  return (packed.at(-1) ?? 0) >> (8 - leftOver) === 0 ? codes.subarray(0, count) : count
}

/** Codes that one call unpacks, whole bytes of them: engines compile what is called often sooner than what loops for long. */
const together = 1024

/** Unpacks the codes from..to; gives the index of the first that is refused. */
type Unpack = (packed: Uint8Array, codes: Uint8Array, from: number, to: number, levels: number) => number | undefined

// Where bytes hold whole codes, and each may be any, those of a byte are written at once.
const unpackBytes: Readonly<Record<number, Unpack>> = {
  256: (packed, codes, from, to) => {
    codes.set(packed.subarray(from, to), from)
  },
  16: (packed, { buffer }, from, to) => {
    const pairs = new Uint16Array(buffer)
    for (let i = from / 2; i < to / 2; i++) pairs[i] = (packed[i]! | (packed[i]! << 4)) & 0x0f0f
  },
  4: (packed, { buffer }, from, to) => {
    const fours = new Uint32Array(buffer)
    for (let i = from / 4; i < to / 4; i++) {
      const byte = packed[i]!
      fours[i] = (byte | (byte << 6) | (byte << 12) | (byte << 18)) & 0x03030303
    }
  },
}

function unpackBits(
  packed: Uint8Array,
  codes: Uint8Array,
  from: number,
  to: number,
  levels: number,
): number | undefined {
  const bits = bitsOf(levels)
  const mask = (1 << bits) - 1
  let at = (from * bits) / 8
  let pending = 0
  let pendingBits = 0
  for (let i = from; i < to; i++) {
    if (pendingBits < bits) {
      pending |= packed[at++]! << pendingBits
      pendingBits += 8
    }
    const code = pending & mask
    if (code >= levels) return i
    codes[i] = code
    pending >>>= bits
    pendingBits -= bits
  }
  return undefined
}
