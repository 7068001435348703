import { largestScale, smallestScale } from './arithmetic.js'
import { QuantizerError } from './quantizer-error.js'
import { levelsOf } from './scheme.js'

/** Scale and zero point for all values: `value = scale * (code - zeroPoint)`, codes in 0..levels-1. Plain data. */
export interface QuantizationRange {
  /** Step between two neighbouring codes, an f32 number from 2^-60 to 2^60. */
  readonly scale: number
  /** The code of zero, an integer in 0..levels-1. */
  readonly zeroPoint: number
  /** Number of codes, 3..256. */
  readonly levels: number
}

/** The same with a scale and a zero point for each index along one axis. Plain data. */
export interface ChannelRange {
  readonly scale: readonly number[]
  readonly zeroPoint: readonly number[]
  readonly levels: number
  /** Axis of the shape that the channels lie on; negative counts from the last. */
  readonly axis: number
}

/** Whether the range has a scale for each channel. */
export function isChannelRange(range: QuantizationRange | ChannelRange): range is ChannelRange {
  return 'axis' in range
}

/** The range of one channel; a range per tensor is every channel's. */
export function rangeOfChannel(range: QuantizationRange | ChannelRange, channel: number): QuantizationRange {
  if (!isChannelRange(range)) return range
  const scale = range.scale[channel]
  const zeroPoint = range.zeroPoint[channel]
  if (scale === undefined || zeroPoint === undefined) {
    throw new QuantizerError(
      'RANGE',
      `rangeOfChannel(): channel is ${channel}, expected an integer from 0 to ${range.scale.length - 1}`,
    )
  }
  return { scale, zeroPoint, levels: range.levels }
}

/**
 * The range itself, where it is one.
 * @throws QuantizerError LEVELS, AXIS, or RANGE with the channel that is wrong
 */
export function validateRange<R extends QuantizationRange | ChannelRange>(range: R, caller = 'validateRange'): R {
  levelsOf(caller, { levels: range.levels })
  if (!isChannelRange(range)) {
    validateScalars(caller, '', range.scale, range.zeroPoint, range.levels)
    return range
  }
  const { scale, zeroPoint, levels, axis } = range as ChannelRange
  if (!Number.isInteger(axis)) throw new QuantizerError('AXIS', `${caller}(): axis is ${axis}, expected an integer`)
  if (scale.length === 0 || scale.length !== zeroPoint.length) {
    throw new QuantizerError(
      'RANGE',
      `${caller}(): ${scale.length} scales and ${zeroPoint.length} zero points, expected as many of both and one at least`,
    )
  }
  scale.forEach((s, channel) => {
    validateScalars(caller, ` of channel ${channel}`, s, zeroPoint[channel]!, levels)
  })
  return range
}

function validateScalars(caller: string, of: string, scale: number, zeroPoint: number, levels: number): void {
  if (!(scale >= smallestScale && scale <= largestScale) || Math.fround(scale) !== scale) {
    throw new QuantizerError(
      'RANGE',
      `${caller}(): scale${of} is ${scale}, expected an f32 number from 2^-60 to 2^60 (Math.fround)`,
    )
  }
  if (!Number.isInteger(zeroPoint) || zeroPoint < 0 || zeroPoint >= levels) {
    throw new QuantizerError(
      'RANGE',
      `${caller}(): zero point${of} is ${zeroPoint}, expected an integer from 0 to ${levels - 1}`,
    )
  }
}
