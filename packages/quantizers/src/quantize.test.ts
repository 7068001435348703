import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dequantizeValue, quantizeValue } from './arithmetic.js'
import { dequantize, fakeQuantize, quantize } from './quantize.js'
import { rangeOfChannel } from './range.js'

const range = { scale: 0.5, zeroPoint: 2, levels: 8 }
const channels = { scale: [0.5, 1, 0.125], zeroPoint: [2, 0, 7], levels: 8, axis: 1 }
const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -10, max: 10 })

describe('quantize', () => {
  it('gives the codes of the scalar formula', () => {
    fc.assert(
      fc.property(fc.array(float), (values) => {
        expect([...quantize(values, range)]).toEqual(values.map((x) => quantizeValue(x, range)))
      }),
    )
  })

  it('uses each channel’s range along any axis', () => {
    for (const [shape, axis] of [
      [[3, 4, 2], 0],
      [[2, 3, 4], 1],
      [[2, 4, 3], 2],
      [[2, 4, 3], -1],
    ] as const) {
      const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i) * 3)
      const inner = shape.slice((axis < 0 ? axis + 3 : axis) + 1).reduce((product, size) => product * size, 1)
      const own = [...values].map((_, i) => rangeOfChannel(channels, Math.floor(i / inner) % 3))
      const codes = [...values].map((x, i) => quantizeValue(x, own[i]!))
      expect([...quantize(values, { ...channels, axis }, shape)]).toEqual(codes)
      const restored = codes.map((code, i) => dequantizeValue(code, own[i]!))
      expect([...dequantize(Uint8Array.from(codes), { ...channels, axis }, shape)]).toEqual(restored)
      expect([...fakeQuantize(values, { ...channels, axis }, shape)]).toEqual(restored)
    }
  })

  it('rounds plain numbers to f32 first', () => {
    // In double precision 1.2500000000000002 / 0.5 is above the tie at 2.5.
    expect([...quantize([1.2500000000000002, 1.25], range)]).toEqual([4, 4])
  })

  it('gives the codes of PyTorch’s fake_quantize_per_tensor_affine', () => {
    // torch 1.13 on a CPU, its results divided by the scale; ties at halves of 0.1 as they fall in f32.
    const values = [0, 0.05, 0.15, 0.25, 0.35, 0.45, -0.05, -0.15, -0.25, -0.35, 0.7, 1.3, -0.9, 0.149999, 0.250001]
    const codes = (scale: number, zeroPoint: number, levels: number) =>
      [...quantize(values, { scale: Math.fround(scale), zeroPoint, levels })].map((code) => code - zeroPoint)
    expect(codes(0.1, 3, 8)).toEqual([0, 0, 2, 2, 4, 4, 0, -2, -2, -3, 4, 4, -3, 1, 3])
    expect(codes(0.1, 4, 16)).toEqual([0, 0, 2, 2, 4, 4, 0, -2, -2, -4, 7, 11, -4, 1, 3])
    expect(codes(0.0123, 100, 256)).toEqual([0, 4, 12, 20, 28, 37, -4, -12, -20, -28, 57, 106, -73, 12, 20])
    expect(codes(0.5, 0, 4)).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 3, 0, 0, 1])
  })

  it('says where a value is not finite', () => {
    expect(() => quantize([0, Number.NaN], range)).toThrow('quantize(): value 1 is NaN, expected a finite f32 number')
    expect(() => quantize([0, 0, 1e39], range)).toThrow('quantize(): value 2 is 1e+39, expected a finite f32 number')
    expect(() => fakeQuantize(Float32Array.of(-Infinity), range)).toThrow('fakeQuantize(): value 0 is -Infinity')
  })

  it('wants a shape with as many channels as the range has', () => {
    expect(() => quantize([1, 2, 3], channels)).toThrow('quantize(): no shape, expected one')
    expect(() => quantize([1, 2], channels, [1, 2])).toThrow(
      'quantize(): shape [1,2] has 2 channels on axis 1, expected 3',
    )
    expect(() => quantize([1], { ...range, scale: 0.1 })).toThrow('quantize(): scale is 0.1')
  })

  it('takes no values', () => {
    expect(quantize([], range)).toEqual(new Uint8Array())
    expect(quantize([], channels, [0, 3])).toEqual(new Uint8Array())
  })
})

describe('dequantize', () => {
  it('says where a code is none of the range', () => {
    expect(() => dequantize(Uint8Array.of(0, 7, 8), range)).toThrow(
      expect.objectContaining({ code: 'CODE', message: 'dequantize(): code 2 is 8, expected 0 to 7' }),
    )
  })
})

describe('fakeQuantize', () => {
  it('leaves no negative zero', () => {
    const unsigned = { scale: 0.5, zeroPoint: 0, levels: 8 }
    expect([...fakeQuantize([-3, -0.1, -0], unsigned)].every((x) => Object.is(x, 0))).toBe(true)
    expect([...fakeQuantize([-0.1, -0], range)].every((x) => Object.is(x, 0))).toBe(true)
  })
})
