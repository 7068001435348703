import { channelLayout, channelMajor } from './channel-layout.js'
import { coveringRange } from './covering-range.js'
import { type Extremes, extremes } from './extremes.js'
import { QuantizerError } from './quantizer-error.js'
import type { ChannelRange, QuantizationRange } from './range.js'
import { type ChannelScheme, type Scheme, type TensorScheme, usableLevels, validateScheme } from './scheme.js'
import { asFloat32, type Values } from './values.js'

/** Watches batch after batch. Its state is plain data that the caller keeps, saves and hands back: nothing is hidden. */
export interface Observer<State, Range> {
  /** The state before the first batch. */
  readonly initial: State
  /** The state after one more batch; the old one stays as it was. */
  readonly observe: (state: State, values: Values, shape?: readonly number[]) => State
  /** The range that the batches so far ask for. */
  readonly range: (state: State) => Range
}

/** Moving extremes, one of each per tensor or one for each channel. */
export interface MovingExtremes {
  readonly minimum: readonly number[]
  readonly maximum: readonly number[]
  /** Batches seen. */
  readonly batches: number
  /** The axis that the channels lie on, counted from the first; null per tensor and before the first batch. */
  readonly axis: number | null
}

/**
 * Covers the exponential moving averages of each batch's extremes:
 * `minimum = momentum * minimum + (1 - momentum) * batch minimum`; the first batch's extremes are taken as they are.
 * Jacob et al. 2018 (arXiv 1712.05877), section 3.1.
 * @param momentum weight of what was before, from 0 to below 1
 * @throws QuantizerError OPTION (momentum); when observing VALUE, EMPTY, SHAPE, AXIS; EMPTY for a range before any batch
 */
export function movingMinMax(
  scheme: TensorScheme,
  options?: { readonly momentum?: number },
): Observer<MovingExtremes, QuantizationRange>
export function movingMinMax(
  scheme: ChannelScheme,
  options?: { readonly momentum?: number },
): Observer<MovingExtremes, ChannelRange>
export function movingMinMax(
  scheme: Scheme,
  options?: { readonly momentum?: number },
): Observer<MovingExtremes, QuantizationRange | ChannelRange>
export function movingMinMax(
  scheme: Scheme,
  { momentum = 0.99 }: { readonly momentum?: number } = {},
): Observer<MovingExtremes, QuantizationRange | ChannelRange> {
  validateScheme(scheme)
  if (!(momentum >= 0 && momentum < 1)) {
    throw new QuantizerError('OPTION', `movingMinMax(): momentum is ${momentum}, expected a number from 0 to below 1`)
  }
  return {
    initial: { minimum: [], maximum: [], batches: 0, axis: null },
    observe: (state, values, shape) => moved(state, batchExtremes(values, scheme, shape), momentum),
    range: (state) => rangeOf(state, scheme),
  }
}

interface BatchExtremes {
  readonly channels: readonly Extremes[]
  readonly axis: number | null
}

function batchExtremes(values: Values, { axis }: Scheme, shape: readonly number[] | undefined): BatchExtremes {
  const floats = asFloat32(values)
  const all = extremes('movingMinMax', values)
  if (axis === undefined || floats.length === 0) {
    if (floats.length === 0) throw new QuantizerError('EMPTY', 'movingMinMax(): 0 values, expected one at least')
    return { channels: [all], axis: null }
  }
  const layout = channelLayout('movingMinMax', floats.length, shape, axis)
  const sideBySide = channelMajor(floats, layout)
  const size = floats.length / layout.channels
  const channels = Array.from({ length: layout.channels }, (_, c) =>
    extremes('movingMinMax', sideBySide.subarray(c * size, (c + 1) * size)),
  )
  return { channels, axis: layout.axis }
}

function moved(state: MovingExtremes, { channels, axis }: BatchExtremes, momentum: number): MovingExtremes {
  if (state.batches > 0 && (state.minimum.length !== channels.length || state.axis !== axis)) {
    throw new QuantizerError(
      'SHAPE',
      `movingMinMax(): a batch of ${channels.length} channels, expected ${state.minimum.length} as before`,
    )
  }
  const move = (old: number | undefined, now: number) =>
    old === undefined ? now : momentum * old + (1 - momentum) * now
  return {
    minimum: channels.map(({ minimum }, c) => move(state.minimum[c], minimum)),
    maximum: channels.map(({ maximum }, c) => move(state.maximum[c], maximum)),
    batches: state.batches + 1,
    axis,
  }
}

function rangeOf(
  { minimum, maximum, batches, axis }: MovingExtremes,
  scheme: Scheme,
): QuantizationRange | ChannelRange {
  if (batches === 0) throw new QuantizerError('EMPTY', 'movingMinMax(): no batch observed, expected one at least')
  const ranges = minimum.map((least, c) => coveringRange(least, maximum[c]!, scheme))
  if (axis === null) return ranges[0]!
  return {
    scale: ranges.map(({ scale }) => scale),
    zeroPoint: ranges.map(({ zeroPoint }) => zeroPoint),
    levels: usableLevels(scheme),
    axis,
  }
}
