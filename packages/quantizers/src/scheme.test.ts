import { describe, expect, it } from 'vitest'
import { QuantizerError } from './quantizer-error.js'
import { affine, middleCode, symmetric, usableLevels, validateScheme } from './scheme.js'

describe('affine', () => {
  it('takes bits or levels', () => {
    expect(affine({ bits: 3 })).toEqual({ levels: 8, symmetric: false, narrow: false })
    expect(affine({ levels: 25 })).toEqual({ levels: 25, symmetric: false, narrow: false })
    expect(affine({ bits: 8, axis: -1 })).toEqual({ levels: 256, symmetric: false, narrow: false, axis: -1 })
  })

  it.each([
    [{ bits: 1 }, 'BITS', 'affine(): bits is 1, expected an integer from 2 to 8'],
    [{ bits: 9 }, 'BITS', 'affine(): bits is 9, expected an integer from 2 to 8'],
    [{ bits: 2.5 }, 'BITS', 'affine(): bits is 2.5, expected an integer from 2 to 8'],
    [{ bits: Number.NaN }, 'BITS', 'affine(): bits is NaN, expected an integer from 2 to 8'],
    [{ levels: 2 }, 'LEVELS', 'affine(): levels is 2, expected an integer from 3 to 256'],
    [{ levels: 257 }, 'LEVELS', 'affine(): levels is 257, expected an integer from 3 to 256'],
    [{ levels: 8.5 }, 'LEVELS', 'affine(): levels is 8.5, expected an integer from 3 to 256'],
    [{ bits: 3, axis: 0.5 }, 'AXIS', 'affine(): axis is 0.5, expected an integer'],
  ])('refuses %o', (options, code, message) => {
    expect(() => affine(options)).toThrow(expect.objectContaining({ code, message, name: 'QuantizerError' }))
  })

  it('wants bits or levels, not both', () => {
    const both = { bits: 3, levels: 8 }
    // @ts-expect-error the types say so as well
    expect(() => affine(both)).toThrow('affine(): both bits and levels are given, expected one of them')
    // @ts-expect-error the types say so as well
    expect(() => affine({})).toThrow('affine(): neither bits nor levels is given, expected one of them')
  })
})

describe('symmetric', () => {
  it('has its zero in the middle, and in the very middle where it is narrow', () => {
    const full = symmetric({ bits: 8 })
    const narrow = symmetric({ bits: 8, narrow: true })
    expect([usableLevels(full), middleCode(usableLevels(full))]).toEqual([256, 128])
    expect([usableLevels(narrow), middleCode(usableLevels(narrow))]).toEqual([255, 127])
    expect(usableLevels(symmetric({ levels: 25, narrow: true }))).toBe(25)
  })
})

describe('validateScheme', () => {
  it('lets every scheme through that the constructors make', () => {
    for (const scheme of [affine({ bits: 2 }), symmetric({ levels: 3, narrow: true, axis: 1 })]) {
      expect(validateScheme(JSON.parse(JSON.stringify(scheme)))).toEqual(scheme)
    }
  })

  it('refuses anything else', () => {
    expect(() => validateScheme({ levels: 300, symmetric: false, narrow: false })).toThrow(QuantizerError)
    expect(() => validateScheme(JSON.parse('{"levels":8,"symmetric":"yes","narrow":false}'))).toThrow(
      'validateScheme(): symmetric is yes and narrow is false, expected booleans',
    )
    expect(() => validateScheme({ levels: 8, symmetric: false, narrow: false, axis: 1.5 })).toThrow('axis is 1.5')
  })
})
