import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signed, signed64, unsigned } from './leb128.js'

/** The definition: groups of seven bits, lowest first, all but the last with the top bit set. */
const decode = (bytes: readonly number[]) => bytes.reduce((n, byte, i) => n + (BigInt(byte & 127) << BigInt(7 * i)), 0n)
const decodeSigned = (bytes: readonly number[]) => BigInt.asIntN(7 * bytes.length, decode(bytes))
const endsOnce = (bytes: readonly number[]) => bytes.every((byte, i) => byte >= 128 === i < bytes.length - 1)

describe('LEB128', () => {
  it('gives unsigned integers back, in the fewest bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.integer({ min: 2 ** 31, max: 2 ** 32 })), (n) => {
        const bytes = unsigned(n)
        expect(decode(bytes)).toBe(BigInt(n))
        expect(endsOnce(bytes)).toBe(true)
        expect(bytes.length === 1 || bytes.at(-1) !== 0).toBe(true)
      }),
    )
  })

  it('gives signed integers of 32 bits back, in the fewest bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -300, max: 300 })), (n) => {
        const bytes = signed(n)
        expect(decodeSigned(bytes)).toBe(BigInt(n))
        expect(endsOnce(bytes)).toBe(true)
        expect(bytes.length === 1 || decodeSigned(bytes.slice(0, -1)) !== BigInt(n)).toBe(true)
        expect(signed64(BigInt(n))).toEqual(bytes)
      }),
    )
  })

  it('gives signed integers of 64 bits back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
        const bytes = signed64(n)
        expect(decodeSigned(bytes)).toBe(n)
        expect(endsOnce(bytes) && bytes.length <= 10).toBe(true)
      }),
    )
  })

  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x80, 1]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('writes %i unsigned as the specification does', (n, bytes) => {
    expect(unsigned(n)).toEqual(bytes)
  })

  it.each([
    [-1, [0x7f]],
    [63, [63]],
    [64, [0xc0, 0]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('writes %i signed as the specification does', (n, bytes) => {
    expect(signed(n)).toEqual(bytes)
  })
})
