import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coveringRange,
  dequantize,
  fakeQuantize,
  pack,
  type QuantizationRange,
  quantize,
  type TensorScheme,
  unpack,
} from '../src/index.js'
import { anyFinite } from './any-finite.js'

/** The laws of a scheme: whatever range it is given, codes and values behave as a quantizer's should. */
export function describeScheme(name: string, scheme: TensorScheme): void {
  describe(`${name}: laws`, () => {
    const bound = fc.float({ noNaN: true, min: Math.fround(-1e4), max: Math.fround(1e4) })
    const ranges = fc.tuple(bound, bound).map(([a, b]) => coveringRange(Math.min(a, b), Math.max(a, b), scheme))
    const values = fc.array(anyFinite, { minLength: 1, maxLength: 40 })
    const law = (statement: string, holds: (values: number[], range: QuantizationRange) => void) =>
      it(statement, () => fc.assert(fc.property(values, ranges, holds)))

    law('codes are in range', (x, range) => {
      for (const code of quantize(x, range)) expect(code).toBeLessThan(range.levels)
    })
    law('quantizing again changes nothing', (x, range) => {
      const codes = quantize(x, range)
      expect(quantize(dequantize(codes, range), range)).toEqual(codes)
    })
    it('every code comes back from its value', () => {
      fc.assert(
        fc.property(ranges, (range) => {
          const codes = Uint8Array.from({ length: range.levels }, (_, code) => code)
          expect(quantize(dequantize(codes, range), range)).toEqual(codes)
        }),
      )
    })
    law('a larger value never has a smaller code', (x, range) => {
      const codes = [
        ...quantize(
          x.toSorted((a, b) => a - b),
          range,
        ),
      ]
      expect(codes).toEqual(codes.toSorted((a, b) => a - b))
    })
    law('zero is exact', (_, range) => {
      expect([...quantize([0, -0], range)]).toEqual([range.zeroPoint, range.zeroPoint])
      expect([...fakeQuantize([0, -0], range)]).toEqual([0, 0])
    })
    law('the error is at most half a step inside the range', (x, range) => {
      const { scale, zeroPoint, levels } = range
      const inside = x
        .map(Math.fround)
        .filter((value) => value >= -zeroPoint * scale && value <= (levels - 1 - zeroPoint) * scale)
      // 256 levels, three f32 roundings of at most 2^-24 each: a ten-thousandth of a step is more than enough.
      fakeQuantize(inside, range).forEach((value, i) => {
        expect(Math.abs(value - inside[i]!)).toBeLessThanOrEqual(scale * 0.5001)
      })
    })
    law('outside of the range the nearest end is taken', (x, range) => {
      const { scale, zeroPoint, levels } = range
      x.map(Math.fround).forEach((value, i) => {
        const code = quantize(x, range)[i]
        if (value < -zeroPoint * scale) expect(code).toBe(0)
        if (value > (levels - 1 - zeroPoint) * scale) expect(code).toBe(levels - 1)
      })
    })
    law('fakeQuantize is quantize and dequantize', (x, range) => {
      expect(fakeQuantize(x, range)).toEqual(dequantize(quantize(x, range), range))
    })
    law('packed codes come back', (x, range) => {
      const codes = quantize(x, range)
      expect(unpack(pack(codes, range), range, codes.length)).toEqual(codes)
    })
    law('NaN and infinities are refused where they stand', (x, range) => {
      for (const wrong of [Number.NaN, Infinity, -Infinity]) {
        for (const refuses of [quantize, fakeQuantize]) {
          expect(() => refuses([...x, wrong, 0], range)).toThrow(
            expect.objectContaining({
              code: 'VALUE',
              message: expect.stringContaining(`value ${x.length} is ${wrong}`),
            }),
          )
        }
      }
    })
  })
}
