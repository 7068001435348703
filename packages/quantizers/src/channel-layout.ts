import { QuantizerError } from './quantizer-error.js'

/** How the channels of an axis lie in a row-major array: value (o, c, i) is at `(o * channels + c) * inner + i`. */
export interface ChannelLayout {
  /** Product of the dimensions before the axis. */
  readonly outer: number
  readonly channels: number
  /** Product of the dimensions after the axis: how many values of one channel lie side by side. */
  readonly inner: number
  /** The axis, counted from the first. */
  readonly axis: number
}

/**
 * Where the channels of `axis` lie in `length` values of this shape.
 * @throws QuantizerError SHAPE where the shape does not hold `length` values, AXIS where it has no such axis
 */
export function channelLayout(
  caller: string,
  length: number,
  shape: readonly number[] | undefined,
  axis: number,
): ChannelLayout {
  if (shape === undefined) {
    throw new QuantizerError('SHAPE', `${caller}(): no shape, expected one, since axis ${axis} has its own ranges`)
  }
  const size = shape.reduce((product, dimension) => product * dimension, 1)
  if (size !== length || !shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0)) {
    throw new QuantizerError('SHAPE', `${caller}(): shape [${shape}] for ${length} values, expected their product`)
  }
  const resolved = axis < 0 ? axis + shape.length : axis
  const channels = shape[resolved]
  if (channels === undefined) {
    throw new QuantizerError(
      'AXIS',
      `${caller}(): axis is ${axis} for shape [${shape}], expected ${-shape.length} to ${shape.length - 1}`,
    )
  }
  const product = (dimensions: readonly number[]) => dimensions.reduce((total, dimension) => total * dimension, 1)
  return {
    outer: product(shape.slice(0, resolved)),
    channels,
    inner: product(shape.slice(resolved + 1)),
    axis: resolved,
  }
}
