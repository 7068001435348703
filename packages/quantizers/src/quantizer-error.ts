/** What went wrong, for programs; the message says it for people. */
export type QuantizerErrorCode =
  | 'BITS' // not an integer from 2 to 8
  | 'LEVELS' // not an integer from 3 to 256
  | 'AXIS' // not an axis of the shape, or missing where a channel range needs one
  | 'SHAPE' // does not hold the number of values given
  | 'RANGE' // a scale or a zero point that no quantizer here can use
  | 'VALUE' // NaN or an infinity
  | 'CODE' // a code outside 0..levels-1, or bytes that hold such a code
  | 'EMPTY' // nothing to estimate a range from
  | 'OPTION' // an option outside its interval
  | 'HISTOGRAM' // not a histogram, or two that do not go together
  | 'LAYER' // tfjs: no such layer in the model, or one that cannot do what was asked
  | 'MODEL' // tfjs: a model that cannot be read or built

/** The only error that this package throws on purpose. The message names the function, the value got and the one expected. */
export class QuantizerError extends Error {
  override readonly name = 'QuantizerError'

  constructor(
    readonly code: QuantizerErrorCode,
    message: string,
  ) {
    super(message)
  }
}
