import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsOf, packCodes, packedBytes, unpackCodes } from './packed-codes.js'

const codesOfLevels = fc
  .integer({ min: 2, max: 256 })
  .chain((levels) => fc.tuple(fc.constant(levels), fc.uint8Array({ max: levels - 1, maxLength: 70 })))

describe('packCodes', () => {
  it('puts the first code into the lowest bits', () => {
    expect(packCodes(Uint8Array.of(1, 2, 7, 5), 8)).toEqual(Uint8Array.of(0b11_010_001, 0b0000_101_1))
  })

  it('takes ceil(log2(levels)) bits a code', () => {
    expect([2, 3, 4, 5, 25, 128, 129, 256].map(bitsOf)).toEqual([1, 2, 2, 3, 5, 7, 8, 8])
    expect(packedBytes(3, 25)).toBe(2)
  })

  it('is undone by unpackCodes', () => {
    fc.assert(
      fc.property(codesOfLevels, ([levels, codes]) => {
        const packed = packCodes(codes, levels)
        expect(packed.length).toBe(packedBytes(codes.length, levels))
        expect(unpackCodes(packed, levels, codes.length)).toEqual(Uint8Array.from(codes))
      }),
    )
  })
})

describe('unpackCodes', () => {
  it.each([3, 25, 200])('unpacks many codes of %i levels, and names one far back that is none', (levels) => {
    const codes = Uint8Array.from({ length: 5_001 }, (_, i) => (i * 7919) % levels)
    expect(unpackCodes(packCodes(codes, levels), levels, codes.length)).toEqual(codes)
    codes[4_321] = levels
    expect(unpackCodes(packCodes(codes, levels + 1), levels, codes.length)).toBe(4_321)
  })

  it.each([4, 16, 256])('unpacks codes of %i levels, which fill bytes', (levels) => {
    for (const count of [1, 2, 3, 4, 5, 1_023, 1_024, 1_025, 5_001]) {
      const codes = Uint8Array.from({ length: count }, (_, i) => (i * 7919) % levels)
      const packed = packCodes(codes, levels)
      const unpacked = unpackCodes(packed, levels, count)
      packed.fill(1)
      expect(unpacked).toEqual(codes)
    }
  })

  it('names the first code that is none', () => {
    expect(unpackCodes(packCodes(Uint8Array.of(0, 4, 7), 8), 5, 3)).toBe(2)
  })

  it('refuses bits after the last code', () => {
    expect(unpackCodes(Uint8Array.of(0b1000_0000), 4, 3)).toBe(3)
  })
})
