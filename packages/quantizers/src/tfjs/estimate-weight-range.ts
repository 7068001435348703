import type { Estimator } from '../estimator.js'
import { mmse } from '../mmse.js'
import { raiseScalesForBias } from '../raise-scales-for-bias.js'
import type { ChannelRange, QuantizationRange } from '../range.js'
import type { QuantizedLayer } from './layers/quantized-layer.js'

/**
 * The range of a layer's weights under its scheme, from the weights as they are. Where the layer's input is quantized,
 * scales with which its bias would not fit an integer accumulator are raised (`raiseScalesForBias`).
 * @throws QuantizerError VALUE where a weight or a bias is not finite
 */
export async function estimateWeightRange(
  layer: QuantizedLayer,
  estimator: Estimator = mmse,
): Promise<QuantizationRange | ChannelRange> {
  const { kernel, bias, inputRange, weightScheme } = layer
  const range = estimator((await kernel.read().data()) as Float32Array, weightScheme, kernel.shape as number[])
  if (bias === null || inputRange === null) return range
  return raiseScalesForBias(range, (await bias.read().data()) as Float32Array, inputRange.scale)
}
