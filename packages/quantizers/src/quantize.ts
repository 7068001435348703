import { inverseScale } from './arithmetic.js'
import { channelLayout } from './channel-layout.js'
import { QuantizerError } from './quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange, validateRange } from './range.js'
import { asFloat32, notFinite, type Values } from './values.js'

/**
 * Codes of the values: `clamp(round(fround(x * fround(1 / scale))) + zeroPoint, 0, levels - 1)`, half to even.
 * @param shape row-major shape of the values; needed where the range is per channel
 * @returns one code a byte, in the order of the values
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), RANGE, LEVELS, SHAPE, AXIS
 */
export function quantize(
  values: Values,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Uint8Array {
  const floats = asFloat32(values)
  const codes = new Uint8Array(floats.length)
  const { outer, inner, scales, zeroPoints } = runs('quantize', floats.length, range, shape)
  const inverses = scales.map(inverseScale)
  const last = range.levels - 1
  let i = 0
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inverses.length; c++) {
      const inverse = inverses[c]!
      const zeroPoint = zeroPoints[c]!
      for (const end = i + inner; i < end; i++) {
        const x = floats[i]!
        if (x - x !== 0) throw notFinite('quantize', values, i)
        let code = nearest(Math.fround(x * inverse)) + zeroPoint
        if (code < 0) code = 0
        if (code > last) code = last
        codes[i] = code
      }
    }
  }
  return codes
}

/**
 * Values of the codes: `fround(scale * (code - zeroPoint))`; the code of zero comes back as zero.
 * @throws QuantizerError CODE (a code that the range does not have, with its index), RANGE, LEVELS, SHAPE, AXIS
 */
export function dequantize(
  codes: Uint8Array,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Float32Array {
  const values = new Float32Array(codes.length)
  const { outer, inner, scales, zeroPoints } = runs('dequantize', codes.length, range, shape)
  const { levels } = range
  let i = 0
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < scales.length; c++) {
      const scale = scales[c]!
      const zeroPoint = zeroPoints[c]!
      for (const end = i + inner; i < end; i++) {
        const code = codes[i]!
        if (code >= levels) {
          throw new QuantizerError('CODE', `dequantize(): code ${i} is ${code}, expected 0 to ${levels - 1}`)
        }
        values[i] = scale * (code - zeroPoint)
      }
    }
  }
  return values
}

/**
 * What is left of the values after quantization: `dequantize(quantize(values))`, without the codes in between.
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), RANGE, LEVELS, SHAPE, AXIS
 */
export function fakeQuantize(
  values: Values,
  range: QuantizationRange | ChannelRange,
  shape?: readonly number[],
): Float32Array {
  const floats = asFloat32(values)
  const result = new Float32Array(floats.length)
  const { outer, inner, scales, zeroPoints } = runs('fakeQuantize', floats.length, range, shape)
  const inverses = scales.map(inverseScale)
  const last = range.levels - 1
  let i = 0
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < scales.length; c++) {
      const scale = scales[c]!
      const inverse = inverses[c]!
      const minimum = 0 - zeroPoints[c]!
      const maximum = last + minimum
      for (const end = i + inner; i < end; i++) {
        const x = floats[i]!
        if (x - x !== 0) throw notFinite('fakeQuantize', values, i)
        let integer = nearest(Math.fround(x * inverse))
        if (integer < minimum) integer = minimum
        if (integer > maximum) integer = maximum
        result[i] = scale * integer
      }
    }
  }
  return result
}

/** As `roundHalfEven`, for what is clamped to 256 levels anyway: beyond 2^51 it need not be exact. */
function nearest(x: number): number {
  return x + 1.5 * 2 ** 52 - 1.5 * 2 ** 52
}

/**
 * How values and scales go together, read from the first value to the last: `outer` times, for each scale in turn, come
 * `inner` values of it. A range per tensor is one run of all.
 */
function runs(
  caller: string,
  length: number,
  range: QuantizationRange | ChannelRange,
  shape: readonly number[] | undefined,
): {
  readonly outer: number
  readonly inner: number
  readonly scales: readonly number[]
  readonly zeroPoints: readonly number[]
} {
  validateRange(range, caller)
  if (!isChannelRange(range)) {
    return { outer: 1, inner: length, scales: [range.scale], zeroPoints: [range.zeroPoint] }
  }
  const { outer, channels, inner } = channelLayout(caller, length, shape, range.axis)
  if (channels !== range.scale.length) {
    throw new QuantizerError(
      'SHAPE',
      `${caller}(): shape [${shape}] has ${channels} channels on axis ${range.axis}, expected ${range.scale.length}`,
    )
  }
  return { outer, inner, scales: range.scale, zeroPoints: range.zeroPoint }
}
