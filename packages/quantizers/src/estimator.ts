import { channelLayout, channelMajor } from './channel-layout.js'
import { extremes } from './extremes.js'
import type { Histogram } from './histogram.js'
import { QuantizerError } from './quantizer-error.js'
import type { ChannelRange, QuantizationRange } from './range.js'
import { type ChannelScheme, type Scheme, type TensorScheme, usableLevels, validateScheme } from './scheme.js'
import { asFloat32, type Values } from './values.js'

/**
 * Finds the range with which a scheme fits these values: for all of them, or for each channel where the scheme has an axis
 * (then `shape` is needed). A histogram stands for its values, per tensor only.
 * @throws QuantizerError VALUE (a NaN or an infinity, with its index), EMPTY (no values, or none in a channel), SHAPE, AXIS
 */
export interface Estimator {
  (values: Values | Histogram, scheme: TensorScheme, shape?: readonly number[]): QuantizationRange
  (values: Values, scheme: ChannelScheme, shape: readonly number[]): ChannelRange
  (values: Values | Histogram, scheme: Scheme, shape?: readonly number[]): QuantizationRange | ChannelRange
}

/** How an estimator works on one set of values; `values` are finite, not empty, and may be overwritten. */
export interface Method {
  /** Called once for all channels, so that they can share what they need memory for. */
  readonly ofValues: (scheme: Scheme) => (values: Float32Array) => QuantizationRange
  readonly ofHistogram: (histogram: Histogram, scheme: Scheme) => QuantizationRange
}

/** The estimator of this name that takes values or a histogram, per tensor or per channel, and checks them. */
export function estimator(name: string, { ofValues, ofHistogram }: Method): Estimator {
  function estimate(values: Values | Histogram, scheme: TensorScheme, shape?: readonly number[]): QuantizationRange
  function estimate(values: Values, scheme: ChannelScheme, shape: readonly number[]): ChannelRange
  function estimate(
    values: Values | Histogram,
    scheme: Scheme,
    shape?: readonly number[],
  ): QuantizationRange | ChannelRange
  function estimate(
    values: Values | Histogram,
    scheme: Scheme,
    shape?: readonly number[],
  ): QuantizationRange | ChannelRange {
    validateScheme(scheme)
    if ('counts' in values) {
      if (scheme.axis !== undefined) {
        throw new QuantizerError(
          'AXIS',
          `${name}(): axis ${scheme.axis} of a histogram, expected a scheme without axis`,
        )
      }
      if (values.total === 0) throw empty(name, '')
      return ofHistogram(values, scheme)
    }
    const floats = asFloat32(values)
    extremes(name, values)
    if (scheme.axis === undefined) {
      if (floats.length === 0) throw empty(name, '')
      return ofValues(scheme)(floats.slice())
    }
    const layout = channelLayout(name, floats.length, shape, scheme.axis)
    const { channels, axis } = layout
    if (floats.length === 0) throw empty(name, ` in each of ${channels} channels`)
    const sorted = channelMajor(floats, layout)
    const size = floats.length / channels
    const rangeOf = ofValues(scheme)
    const ranges = Array.from({ length: channels }, (_, c) => rangeOf(sorted.subarray(c * size, (c + 1) * size)))
    return {
      scale: ranges.map(({ scale }) => scale),
      zeroPoint: ranges.map(({ zeroPoint }) => zeroPoint),
      levels: usableLevels(scheme),
      axis,
    }
  }
  return estimate
}

function empty(name: string, where: string): QuantizerError {
  return new QuantizerError('EMPTY', `${name}(): 0 values${where}, expected one at least`)
}
