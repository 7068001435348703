import { inverseScale } from './arithmetic.js'
import { channelLayout } from './channel-layout.js'
import { QuantizerError } from './quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange, validateRange } from './range.js'
import { asFloat32, notFinite, type Values } from './values.js'

/**
 * Codes of the values: `clamp(round(fround(x * fround(1 / scale))) + zeroPoint, 0, levels - 1)`, half to even.
 * @param shape row-major shape of the values; needed where the range is per channel
 * @returns one code a byte, in the order of the values
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), RANGE, SHAPE, AXIS
 */
export function quantize(
  values: Values,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Uint8Array {
  const floats = asFloat32(values)
  const codes = new Uint8Array(floats.length)
  const last = range.levels - 1
  eachRun('quantize', floats.length, range, shape, (from, to, step, scale, zeroPoint) => {
    const inverse = inverseScale(scale)
    for (let i = from; i < to; i += step) {
      const x = floats[i]!
      if (x - x !== 0) throw notFinite('quantize', values, i)
      const code = nearest(Math.fround(x * inverse)) + zeroPoint
      codes[i] = code < 0 ? 0 : code > last ? last : code
    }
  })
  return codes
}

/**
 * Values of the codes: `fround(scale * (code - zeroPoint))`; the code of zero comes back as zero.
 * @throws QuantizerError CODE (a code that the range does not have, with its index), RANGE, SHAPE, AXIS
 */
export function dequantize(
  codes: Uint8Array,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Float32Array {
  const values = new Float32Array(codes.length)
  const { levels } = range
  eachRun('dequantize', codes.length, range, shape, (from, to, step, scale, zeroPoint) => {
    for (let i = from; i < to; i += step) {
      const code = codes[i]!
      if (code >= levels) {
        throw new QuantizerError('CODE', `dequantize(): code ${i} is ${code}, expected 0 to ${levels - 1}`)
      }
      values[i] = scale * (code - zeroPoint)
    }
  })
  return values
}

/**
 * What is left of the values after quantization: `dequantize(quantize(values))`, without the codes in between.
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), RANGE, SHAPE, AXIS
 */
export function fakeQuantize(
  values: Values,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Float32Array {
  const floats = asFloat32(values)
  const result = new Float32Array(floats.length)
  const { levels } = range
  eachRun('fakeQuantize', floats.length, range, shape, (from, to, step, scale, zeroPoint) => {
    const inverse = inverseScale(scale)
    const minimum = -zeroPoint
    const maximum = levels - 1 - zeroPoint
    for (let i = from; i < to; i += step) {
      const x = floats[i]!
      if (x - x !== 0) throw notFinite('fakeQuantize', values, i)
      const integer = nearest(Math.fround(x * inverse))
      result[i] = scale * (integer < minimum ? minimum : integer > maximum ? maximum : integer)
    }
  })
  return result
}

/** As `roundHalfEven`, for what is clamped to 256 levels anyway: beyond 2^51 it need not be exact. */
function nearest(x: number): number {
  return x + 1.5 * 2 ** 52 - 1.5 * 2 ** 52
}

/** Calls `run` for every stretch of values that share a scale: indices `from` to below `to` in steps of `step`. */
function eachRun(
  caller: string,
  length: number,
  range: QuantizationRange | ChannelRange,
  shape: readonly number[] | undefined,
  run: (from: number, to: number, step: number, scale: number, zeroPoint: number) => void,
): void {
  validateRange(range, caller)
  if (!isChannelRange(range)) {
    run(0, length, 1, range.scale, range.zeroPoint)
    return
  }
  const { outer, channels, inner } = channelLayout(caller, length, shape, range.axis)
  if (channels !== range.scale.length) {
    throw new QuantizerError(
      'SHAPE',
      `${caller}(): shape [${shape}] has ${channels} channels on axis ${range.axis}, expected ${range.scale.length}`,
    )
  }
  for (let c = 0; c < channels; c++) {
    const scale = range.scale[c]!
    const zeroPoint = range.zeroPoint[c]!
    if (inner === 1) {
      run(c, length, channels, scale, zeroPoint)
    } else {
      for (let o = 0; o < outer; o++) {
        const from = (o * channels + c) * inner
        run(from, from + inner, 1, scale, zeroPoint)
      }
    }
  }
}
