/** LEB128 of an unsigned integer below 2^53, least significant 7 bits first (WebAssembly 5.2.2). */
export function unsigned(n: number): number[] {
  const bytes: number[] = []
  for (; n >= 0x80; n = Math.floor(n / 0x80)) bytes.push((n % 0x80) | 0x80)
  bytes.push(n)
  return bytes
}

/** LEB128 of a signed integer of 32 bits. */
export function signed(n: number): number[] {
  const bytes: number[] = []
  for (; n < -0x40 || n >= 0x40; n >>= 7) bytes.push((n & 0x7f) | 0x80)
  bytes.push(n & 0x7f)
  return bytes
}

/** LEB128 of a signed integer of 64 bits. */
export function signed64(n: bigint): number[] {
  const bytes: number[] = []
  for (; n < -0x40n || n >= 0x40n; n >>= 7n) bytes.push(Number(n & 0x7fn) | 0x80)
  bytes.push(Number(n & 0x7fn))
  return bytes
}
