import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distributions, generator, squaredError } from '../test/distributions.js'
import { mmse } from './mmse.js'
import { mmseExhaustive } from './mmse-exhaustive.js'
import { affine, type Scheme, symmetric, usableLevels } from './scheme.js'

/**
 * The least squared error of any scale and zero point, by trying every assignment of codes: with codes fixed it is
 * `sum(x^2) - sum(k x)^2 / sum(k^2)`, reached at scale `sum(k x) / sum(k^2)`.
 */
function leastError(values: Float32Array, scheme: Scheme): number {
  const levels = usableLevels(scheme)
  const squares = values.reduce((total, x) => total + x * x, 0)
  let least = squares
  const zeroPoints = scheme.symmetric ? [Math.floor(levels / 2)] : Array.from({ length: levels }, (_, z) => z)
  const assign = (i: number, zeroPoint: number, products: number, codeSquares: number): void => {
    if (i === values.length) {
      if (products > 0) least = Math.min(least, squares - products ** 2 / codeSquares)
      return
    }
    for (let k = -zeroPoint; k < levels - zeroPoint; k++) {
      assign(i + 1, zeroPoint, products + k * values[i]!, codeSquares + k * k)
    }
  }
  for (const zeroPoint of zeroPoints) assign(0, zeroPoint, 0, 0)
  return least
}

describe('mmseExhaustive', () => {
  const few = fc
    .array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 1, maxLength: 5 })
    .map((values) => Float32Array.from(values, (x) => Math.round(x * 1000) / 1000))

  it.each([
    ['affine, 3 levels', affine({ levels: 3 })],
    ['affine, 4 levels', affine({ levels: 4 })],
    ['affine, 6 levels', affine({ levels: 6 })],
    ['symmetric, 4 levels', symmetric({ levels: 4 })],
    ['symmetric and narrow, 8 levels', symmetric({ levels: 8, narrow: true })],
  ])('finds what trying every assignment of codes finds (%s)', (_, scheme) => {
    fc.assert(
      fc.property(few, (values) => {
        const squares = values.reduce((total, x) => total + x * x, 0)
        const found = squaredError(values, mmseExhaustive(values, scheme))
        expect(found).toBeLessThanOrEqual(leastError(values, scheme) * (1 + 1e-5) + 1e-9 * squares)
      }),
    )
  })

  it('is never worse than the ternary search', () => {
    for (const draw of Object.values(distributions)) {
      const random = generator(11)
      for (const length of [9, 27, 100, 500]) {
        for (const levels of [3, 4, 8, 16, 64]) {
          const values = Float32Array.from({ length }, () => draw(random))
          const searched = squaredError(values, mmse(values, affine({ levels })))
          const found = squaredError(values, mmseExhaustive(values, affine({ levels })))
          expect(found).toBeLessThanOrEqual(searched * 1.00001 + 1e-9)
        }
      }
    }
  })

  it('finds steps wider than covering all values would need', () => {
    // Three of eight levels are enough to hold these exactly.
    const values = Float32Array.of(-0.3, 0, 0.3, 0.3, 0, -0.3)
    const range = mmseExhaustive(values, affine({ bits: 3 }))
    expect(squaredError(values, range)).toBeLessThan(1e-12)
  })
})
