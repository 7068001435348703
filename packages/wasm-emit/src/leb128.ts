/**
 * LEB128 of an unsigned integer below 2^53, least significant 7 bits first (WebAssembly 5.2.2). `| 0` lets engines see that the last
 * byte is a small integer, too: they read arrays of those and of others with different code.
 */
export const unsigned = (n: number): number[] =>
  n < 0x80 ? [n | 0] : [(n % 0x80) | 0x80, ...unsigned(Math.floor(n / 0x80))]

/** LEB128 of a signed integer of 32 bits. */
export const signed = (n: number): number[] =>
  n >= -0x40 && n < 0x40 ? [n & 0x7f] : [(n & 0x7f) | 0x80, ...signed(n >> 7)]

/** LEB128 of a signed integer of 64 bits. */
export const signed64 = (n: bigint): number[] =>
  n >= -0x40n && n < 0x40n ? [Number(n & 0x7fn)] : [Number(n & 0x7fn) | 0x80, ...signed64(n >> 7n)]
