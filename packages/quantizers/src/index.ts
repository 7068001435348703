export {
  combinedScale,
  dequantizeValue,
  integerBounds,
  inverseScale,
  largestScale,
  quantizeBias,
  quantizeValue,
  rescale,
  roundHalfEven,
  type ScalarRange,
  scaleBias,
  smallestScale,
} from './arithmetic.js'
export { coveringRange } from './covering-range.js'
export type { Estimator } from './estimator.js'
export { foldIntoKernel, type NormalizedKernel } from './fold-batch-norm.js'
export { type Histogram, histogram, mergeHistograms, validateHistogram, widenHistogram } from './histogram.js'
export { minMax } from './min-max.js'
export { mmse } from './mmse.js'
export { mmseExhaustive } from './mmse-exhaustive.js'
export { type MovingExtremes, movingMinMax, type Observer } from './moving-min-max.js'
export { bitsPerCode, pack, packedLength, unpack } from './pack.js'
export { percentile } from './percentile.js'
export { dequantize, fakeQuantize, quantize } from './quantize.js'
export { QuantizerError, type QuantizerErrorCode } from './quantizer-error.js'
export { raiseScalesForBias } from './raise-scales-for-bias.js'
export { type ChannelRange, isChannelRange, type QuantizationRange, rangeOfChannel, validateRange } from './range.js'
export {
  affine,
  type ChannelScheme,
  type Precision,
  type Scheme,
  symmetric,
  type TensorScheme,
  validateScheme,
} from './scheme.js'
export type { Values } from './values.js'
