import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Picture, resizeAndCrop } from './picture.js'

const picture = (width: number, height: number, colour: (x: number, y: number) => readonly number[]): Picture => ({
  width,
  height,
  rgba: Uint8Array.from(
    Array.from({ length: width * height }, (_, i) => [...colour(i % width, Math.floor(i / width)), 255]).flat(),
  ),
})

describe('resizeAndCrop', () => {
  it('keeps what has the size already, cutting the centre out', () => {
    const wide = picture(6, 4, (x, y) => [x, y, x * y])
    const expected = [0, 1, 2, 3].flatMap((y) => [1, 2, 3, 4].flatMap((x) => [x, y, x * y]))
    expect([...resizeAndCrop(wide, 4, 4)]).toEqual(expected)
  })

  it('keeps one colour, whatever the sizes', () => {
    const side = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(side, side, side, fc.nat({ max: 20 }), (width, height, size, more) => {
        const pixels = resizeAndCrop(
          picture(width, height, () => [10, 200, 77]),
          size,
          size + more,
        )
        expect(pixels).toEqual(Uint8Array.from({ length: size * size * 3 }, (_, i) => [10, 200, 77][i % 3]!))
      }),
      { numRuns: 100 },
    )
  })

  it('averages what falls together', () => {
    const checked = picture(64, 64, (x, y) => Array(3).fill(255 * ((x + y) % 2)))
    for (const value of resizeAndCrop(checked, 8, 8)) expect(Math.abs(value - 127.5)).toBeLessThan(1.5)
  })

  it('gives what PIL gives', () => {
    // Image.fromarray(a).resize((3, 3), Image.BILINEAR) of a 5 x 5 ramp of 10 * (5 * y + x).
    const ramp = picture(5, 5, (x, y) => Array(3).fill(10 * (5 * y + x)))
    const grey = resizeAndCrop(ramp, 3, 3).filter((_, i) => i % 3 === 0)
    expect([...grey]).toMatchInlineSnapshot(`
      [
        25,
        41,
        57,
        104,
        120,
        136,
        183,
        199,
        215,
      ]
    `)
  })
})
