import { expect, it } from 'vitest'
import { cosSin } from './cos-sin.js'

it('is the cosine and the sine', () => {
  for (let degrees = -180; degrees <= 180; degrees += 0.37) {
    const [cos, sin] = cosSin(degrees)
    expect(Math.abs(cos - Math.cos((degrees * Math.PI) / 180))).toBeLessThan(2e-15)
    expect(Math.abs(sin - Math.sin((degrees * Math.PI) / 180))).toBeLessThan(2e-15)
  }
})

it('does not turn at all by no angle', () => {
  expect(cosSin(0)).toEqual([1, 0])
})
