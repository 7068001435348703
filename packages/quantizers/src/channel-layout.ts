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

/** A copy of the values with those of each channel side by side: channel c is at `c * outer * inner`. */
export function channelMajor(values: Float32Array, { outer, channels, inner }: ChannelLayout): Float32Array {
  if (outer === 1) return values.slice()
  const copy = new Float32Array(values.length)
  const size = outer * inner
  if (inner > 1) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < channels; c++) {
        const from = (o * channels + c) * inner
        copy.set(values.subarray(from, from + inner), c * size + o * inner)
      }
    }
    return copy
  }
  // In tiles: the sixteen channels of a cache line are read together, and few pages are written to in turn.
  const [rows, columns] = [64, 16]
  for (let top = 0; top < outer; top += rows) {
    const bottom = Math.min(top + rows, outer)
    for (let left = 0; left < channels; left += columns) {
      const right = Math.min(left + columns, channels)
      for (let c = left; c < right; c++) {
        copyEvery(channels, values, top * channels + c, copy, c * size + top, c * size + bottom)
      }
    }
  }
  return copy
}

/** Every `stride`-th value from `from` on goes to `to` and what follows it, up to `end`. */
function copyEvery(
  stride: number,
  values: Float32Array,
  from: number,
  copy: Float32Array,
  to: number,
  end: number,
): void {
  for (let source = from, target = to; target < end; target++, source += stride) copy[target] = values[source]!
}
