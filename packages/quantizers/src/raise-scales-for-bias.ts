import { smallestScale } from './arithmetic.js'
import { usableScale } from './covering-range.js'
import { QuantizerError } from './quantizer-error.js'
import { type ChannelRange, isChannelRange, type QuantizationRange } from './range.js'

/** A quantized bias of this size leaves an f32 accumulator three quarters of its exact integers. */
const largestBias = 2 ** 22

/**
 * The weight range with its scales raised where a bias would not fit: a bias is an integer in units of
 * `inputScale * scale`, and a filter with next to no weights (a batch norm's gamma near zero, folded) has so small a scale
 * that this integer would leave what f32 and i32 hold. Afterwards `|quantizeBias(...)| <= 2^22`; such a filter's weights
 * become coarser, down to zero, and its bias is what counts. All other scales stay.
 * @param bias [filters]; for a range per tensor the largest of them decides
 * @throws QuantizerError SHAPE where range and bias have different numbers of filters, VALUE for a bias that is not finite
 */
export function raiseScalesForBias<R extends QuantizationRange | ChannelRange>(
  range: R,
  bias: Float32Array,
  inputScale: number,
): R {
  bias.forEach((b, filter) => {
    if (!Number.isFinite(b)) {
      throw new QuantizerError('VALUE', `raiseScalesForBias(): bias ${filter} is ${b}, expected a finite number`)
    }
  })
  // A quarter of a millionth more, so that rounding the scale and its inverse to f32 cannot lift the bias over the limit.
  const least = (b: number) => (Math.abs(b) / inputScale / largestBias) * (1 + 2 ** -22)
  const raised = (scale: number, b: number) =>
    least(b) > scale ? usableScale(Math.max(least(b), smallestScale)) : scale
  if (!isChannelRange(range)) {
    const largest = bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0)
    return { ...range, scale: raised(range.scale, largest) }
  }
  if (bias.length !== range.scale.length) {
    throw new QuantizerError(
      'SHAPE',
      `raiseScalesForBias(): ${bias.length} biases for ${range.scale.length} scales, expected as many`,
    )
  }
  return { ...range, scale: range.scale.map((scale, filter) => raised(scale, bias[filter]!)) }
}
