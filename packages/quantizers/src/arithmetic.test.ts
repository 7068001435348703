import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  combinedScale,
  dequantizeValue,
  integerBounds,
  inverseScale,
  largestScale,
  quantizeBias,
  quantizeValue,
  rescale,
  roundHalfEven,
  scaleBias,
  smallestScale,
} from './arithmetic.js'

describe('roundHalfEven', () => {
  it('takes ties to the even neighbour', () => {
    const ties = [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 254.5, 255.5]
    expect(ties.map(roundHalfEven)).toEqual([-4, -2, -2, 0, 0, 2, 2, 4, 254, 256])
  })

  it('is the nearest integer for everything else, and keeps integers and infinities', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const rounded = roundHalfEven(x)
        expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5)
        expect(Number.isInteger(rounded)).toBe(true)
        if (Number.isInteger(x)) expect(rounded).toBe(x + 0)
      }),
    )
    expect(roundHalfEven(Infinity)).toBe(Infinity)
    expect(roundHalfEven(2 ** 52 + 1)).toBe(2 ** 52 + 1)
  })

  it('gives what WebAssembly gives for f32.nearest', () => {
    // (module (func (export "nearest") (param f32) (result f32) local.get 0 f32.nearest))
    const bytes = Uint8Array.of(
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7d, 0x01, 0x7d, 0x03],
      ...[0x02, 0x01, 0x00, 0x07, 0x0b, 0x01, 0x07, 0x6e, 0x65, 0x61, 0x72, 0x65, 0x73, 0x74, 0x00, 0x00, 0x0a],
      ...[0x07, 0x01, 0x05, 0x00, 0x20, 0x00, 0x90, 0x0b],
    )
    const { nearest } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    if (typeof nearest !== 'function') throw new Error('no function in the module')
    const halves = fc.integer({ min: -600, max: 600 }).map((n) => n / 2)
    fc.assert(
      fc.property(fc.oneof(halves, fc.float({ noNaN: true })), (x) => {
        expect(roundHalfEven(x)).toBe(nearest(x) + 0)
      }),
    )
  })
})

describe('quantizeValue and dequantizeValue', () => {
  it('follow the formula, with a product of f32 inverses instead of a quotient', () => {
    const scale = Math.fround(0.1)
    // 0.25 / 0.1 is below 2.5 in f32, 0.25 * fround(1 / 0.1) is 2.5 and goes to the even neighbour either way;
    // 0.35 / 0.1 rounds to 3.5 in f32 and goes up.
    expect(inverseScale(scale)).toBe(10)
    expect(quantizeValue(Math.fround(0.25), { scale, zeroPoint: 3, levels: 8 })).toBe(5)
    expect(quantizeValue(Math.fround(0.35), { scale, zeroPoint: 3, levels: 8 })).toBe(7)
    expect(quantizeValue(-5, { scale, zeroPoint: 3, levels: 8 })).toBe(0)
    expect(quantizeValue(5, { scale, zeroPoint: 3, levels: 8 })).toBe(7)
    expect(dequantizeValue(5, { scale, zeroPoint: 3, levels: 8 })).toBe(Math.fround(scale * 2))
  })
})

describe('integerBounds', () => {
  const range = { scale: 0.5, zeroPoint: 2, levels: 16 }

  it('is the whole range without an activation', () => {
    expect(integerBounds(range)).toEqual({ minimum: -2, maximum: 13 })
  })

  it('narrows to what ReLU and ReLU6 leave', () => {
    expect(integerBounds(range, { minimum: 0 })).toEqual({ minimum: 0, maximum: 13 })
    expect(integerBounds(range, { minimum: 0, maximum: 6 })).toEqual({ minimum: 0, maximum: 12 })
    expect(integerBounds(range, { minimum: -1, maximum: 100 })).toEqual({ minimum: -2, maximum: 13 })
  })
})

describe('the bias of a quantized layer', () => {
  it('is an integer multiple of the product of both scales', () => {
    const [input, weight] = [Math.fround(0.05), Math.fround(0.013)]
    const combined = combinedScale(input, weight)
    expect(combined).toBe(Math.fround(input * weight))
    const bias = Math.fround(-0.731)
    expect(quantizeBias(bias, input, weight)).toBe(Math.round(bias / combined))
    expect(scaleBias(bias, input, weight)).toBe(Math.fround(bias * Math.fround(1 / combined)))
    expect(Math.abs(rescale(quantizeBias(bias, input, weight), combined) - bias)).toBeLessThanOrEqual(combined / 2)
  })

  it('never needs a combined scale that f32 lacks', () => {
    for (const scale of [smallestScale, largestScale]) {
      const combined = combinedScale(scale, scale)
      expect(Math.fround(1 / combined) * combined).toBe(1)
    }
    expect(() => combinedScale(2 ** -70, 2 ** -70)).toThrow(
      'combinedScale(): 8.470329472543003e-22 * 8.470329472543003e-22 is',
    )
    expect(() => combinedScale(Number.NaN, 1)).toThrow('expected scales from 2^-60 to 2^60')
  })
})
