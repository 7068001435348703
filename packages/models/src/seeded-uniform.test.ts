import { describe, expect, it } from 'vitest'
import { seededUniform } from './seeded-uniform.js'

describe('seededUniform', () => {
  it('gives these bits on every engine', () => {
    expect([...seededUniform(4, 0.5, 1, 'conv0/kernel')]).toMatchInlineSnapshot(`
      [
        0.02977132797241211,
        -0.3767200708389282,
        -0.3203529715538025,
        -0.29174232482910156,
      ]
    `)
    expect([...seededUniform(2, 0.5, 2 ** 52 + 1, 'conv0/kernel')]).toMatchInlineSnapshot(`
      [
        -0.27729201316833496,
        -0.4905748963356018,
      ]
    `)
  })

  it('draws from a stream of its own for every seed and name', () => {
    const draws = [
      seededUniform(8, 1, 1, 'a'),
      seededUniform(8, 1, 1, 'b'),
      seededUniform(8, 1, 2, 'a'),
      seededUniform(8, 1, 2 ** 32 + 1, 'a'),
    ].map(String)
    expect(new Set(draws).size).toBe(draws.length)
  })

  it('continues a shorter draw with the same numbers', () => {
    expect(seededUniform(100, 1, 7, 'a').slice(0, 10)).toEqual(seededUniform(10, 1, 7, 'a'))
  })

  it('is uniform over [-bound, bound)', () => {
    const values = seededUniform(100_000, 3, 11, 'a')
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    // Four standard errors: bound / sqrt(3 n) of the mean, bound^2 sqrt(4 / (45 n)) of the variance.
    expect(Math.abs(mean)).toBeLessThan(4 * (3 / Math.sqrt(3e5)))
    expect(Math.abs(variance - 3)).toBeLessThan(4 * 9 * Math.sqrt(4 / 45e5))
    expect(values.every((value) => value >= -3 && value < 3)).toBe(true)
  })
})
