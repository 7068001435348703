import { describe, expect, it } from 'vitest'
import { isChannelRange, rangeOfChannel, validateRange } from './range.js'

const range = { scale: 0.25, zeroPoint: 3, levels: 8 }
const channels = { scale: [0.25, 0.5], zeroPoint: [0, 7], levels: 8, axis: 1 }

describe('validateRange', () => {
  it('returns what is right', () => {
    expect(validateRange(range)).toBe(range)
    expect(validateRange(channels)).toBe(channels)
  })

  it.each([
    [{ ...range, scale: 0.1 }, 'RANGE', 'scale is 0.1, expected an f32 number from 2^-60 to 2^60 (Math.fround)'],
    [{ ...range, scale: 0 }, 'RANGE', 'scale is 0,'],
    [{ ...range, scale: -0.5 }, 'RANGE', 'scale is -0.5,'],
    [{ ...range, scale: Number.NaN }, 'RANGE', 'scale is NaN,'],
    [{ ...range, scale: 2 ** 61 }, 'RANGE', 'scale is 2305843009213694000,'],
    [{ ...range, zeroPoint: 8 }, 'RANGE', 'zero point is 8, expected an integer from 0 to 7'],
    [{ ...range, zeroPoint: -1 }, 'RANGE', 'zero point is -1, expected an integer from 0 to 7'],
    [{ ...range, zeroPoint: 1.5 }, 'RANGE', 'zero point is 1.5, expected an integer from 0 to 7'],
    [{ ...range, levels: 1 }, 'LEVELS', 'levels is 1, expected an integer from 3 to 256'],
    [{ ...channels, scale: [0.25, 0.3] }, 'RANGE', 'scale of channel 1 is 0.3, expected an f32 number'],
    [{ ...channels, zeroPoint: [0, 8] }, 'RANGE', 'zero point of channel 1 is 8, expected an integer from 0 to 7'],
    [{ ...channels, scale: [0.25] }, 'RANGE', '1 scales and 2 zero points, expected as many of both and one at least'],
    [{ ...channels, scale: [], zeroPoint: [] }, 'RANGE', '0 scales and 0 zero points'],
    [{ ...channels, axis: 0.5 }, 'AXIS', 'axis is 0.5, expected an integer'],
  ])('refuses %o', (wrong, code, message) => {
    expect(() => validateRange(wrong)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`validateRange(): ${message}`) }),
    )
  })
})

describe('rangeOfChannel', () => {
  it('is one channel of a channel range, and a tensor range whatever the channel', () => {
    expect(isChannelRange(channels)).toBe(true)
    expect(rangeOfChannel(channels, 1)).toEqual({ scale: 0.5, zeroPoint: 7, levels: 8 })
    expect(rangeOfChannel(range, 5)).toBe(range)
    expect(() => rangeOfChannel(channels, 2)).toThrow('rangeOfChannel(): channel is 2, expected an integer from 0 to 1')
  })
})
