import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsPerCode, pack, packedLength, unpack } from './pack.js'

describe('pack', () => {
  it('is little-endian in bits', () => {
    // 3 bits, codes 5, 6, 7: 111 110 101 from the last code to the first.
    expect([...pack(Uint8Array.of(5, 6, 7), { levels: 8 })]).toEqual([0b11110101, 0b1])
    expect([...pack(Uint8Array.of(1, 2, 3, 0, 1), { levels: 4 })]).toEqual([0b00111001, 0b01])
    expect([...pack(Uint8Array.of(0, 255, 17), { levels: 256 })]).toEqual([0, 255, 17])
  })

  it('takes ceil(log2(levels)) bits a code', () => {
    expect([3, 4, 5, 8, 9, 25, 128, 129, 256].map(bitsPerCode)).toEqual([2, 2, 3, 3, 4, 5, 7, 8, 8])
    expect(packedLength(1000, { levels: 25 })).toBe(625)
    expect(packedLength(3, { levels: 8 })).toBe(2)
  })

  it('refuses codes that the range does not have', () => {
    expect(() => pack(Uint8Array.of(0, 25), { levels: 25 })).toThrow('pack(): code 1 is 25, expected 0 to 24')
    expect(() => pack(Uint8Array.of(0), { levels: 2 })).toThrow('pack(): levels is 2, expected an integer from 3')
  })
})

describe('unpack', () => {
  it('gives the codes back, for every number of levels', () => {
    const coded = fc
      .integer({ min: 3, max: 256 })
      .chain((levels) => fc.record({ levels: fc.constant(levels), codes: fc.uint8Array({ max: levels - 1 }) }))
    fc.assert(
      fc.property(coded, ({ levels, codes }) => {
        const bytes = pack(codes, { levels })
        expect(bytes.length).toBe(packedLength(codes.length, { levels }))
        expect(unpack(bytes, { levels }, codes.length)).toEqual(codes)
      }),
    )
  })

  it('refuses bytes that cannot come from pack', () => {
    expect(() => unpack(Uint8Array.of(1, 0), { levels: 8 }, 2)).toThrow(
      'unpack(): 2 bytes for 2 codes of 3 bits, expected 1',
    )
    expect(() => unpack(Uint8Array.of(1), { levels: 8 }, -1)).toThrow('unpack(): 1 bytes for -1 codes')
    expect(() => unpack(Uint8Array.of(1), { levels: 8 }, 1.5)).toThrow('unpack(): 1 bytes for 1.5 codes')
    expect(() => unpack(Uint8Array.of(0b11000000), { levels: 8 }, 2)).toThrow(
      expect.objectContaining({
        code: 'CODE',
        message: 'unpack(): byte 0 has bits after the last code, expected zeros',
      }),
    )
    expect(() => unpack(Uint8Array.of(0b110), { levels: 5 }, 1)).toThrow('unpack(): code 0 is 6, expected 0 to 4')
  })
})
