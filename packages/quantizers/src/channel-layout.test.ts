import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelLayout, channelMajor } from './channel-layout.js'

describe('channelLayout', () => {
  it('is the product of the dimensions before, at and after the axis', () => {
    expect(channelLayout('f', 120, [2, 3, 4, 5], 1)).toEqual({ outer: 2, channels: 3, inner: 20, axis: 1 })
    expect(channelLayout('f', 120, [2, 3, 4, 5], -1)).toEqual({ outer: 24, channels: 5, inner: 1, axis: 3 })
    expect(channelLayout('f', 7, [7], 0)).toEqual({ outer: 1, channels: 7, inner: 1, axis: 0 })
  })

  it('says what is wrong with a shape or an axis', () => {
    expect(() => channelLayout('f', 6, undefined, 0)).toThrow(
      'f(): no shape, expected one, since axis 0 has its own ranges',
    )
    expect(() => channelLayout('f', 7, [2, 3], 0)).toThrow('f(): shape [2,3] for 7 values, expected their product')
    expect(() => channelLayout('f', 6, [-2, -3], 0)).toThrow('f(): shape [-2,-3] for 6 values')
    expect(() => channelLayout('f', 6, [2, 3], 2)).toThrow('f(): axis is 2 for shape [2,3], expected -2 to 1')
    expect(() => channelLayout('f', 6, [2, 3], -3)).toThrow('f(): axis is -3 for shape [2,3], expected -2 to 1')
  })
})

describe('channelMajor', () => {
  it('puts the values of a channel side by side, in their order, whatever the axis', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shapes, fc.nat(3), (shape, anyAxis) => {
        const axis = anyAxis % shape.length
        const size = shape.reduce((product, dimension) => product * dimension, 1)
        const values = Float32Array.from({ length: size }, (_, i) => i)
        const layout = channelLayout('f', size, shape, axis)
        const expected = Array.from({ length: layout.channels }, (_, c) =>
          [...values].filter((i) => Math.floor(i / layout.inner) % layout.channels === c),
        )
        expect([...channelMajor(values, layout)]).toEqual(expected.flat())
      }),
    )
  })
})
