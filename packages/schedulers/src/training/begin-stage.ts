import { type ChannelRange, type Estimator, isChannelRange, mmse, type QuantizationRange } from '@lowbit/quantizers'
import {
  estimateWeightRange,
  observeInputs,
  type QuantizedLayer,
  quantizedLayers,
  quantizeFilters,
  quantizeInput,
  quantizeWeights,
} from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'
import type { Change, Stage } from '../plans/plan.js'
import { largestWeights } from './largest-weights.js'
import { imageTensor } from './training-batch.js'

/**
 * Makes a stage's changes to a model, in the forward order of its layers, so that each range is estimated with everything
 * before it already quantized: input ranges on a histogram over `images`, weight ranges on the weights.
 * A layer's ranges are estimated when its input or its first filters are quantized and then stay, unless the stage asks
 * for new ones; with a range per filter every filter gets its own when it is quantized.
 *
 * @param images as many as should be looked at, row-major [n, ...input shape]
 * @param estimator how ranges are found; least squared error where absent
 */
export async function beginStage(
  model: tf.LayersModel,
  stage: Stage,
  { images, estimator = mmse }: { readonly images: Float32Array; readonly estimator?: Estimator },
): Promise<void> {
  const input = imageTensor(model, images)
  try {
    for (const layer of quantizedLayers(model)) {
      const changes = stage.quantize.filter((change) => change.layer === layer.name)
      const anew = stage.estimateRanges?.includes(layer.name) === true
      if (anew || changes.some((change) => change.input)) {
        const histograms = await observeInputs(model, input, [layer.name])
        quantizeInput(layer, estimator(histograms.get(layer.name)!, layer.inputScheme))
      }
      if (anew && layer.weightRange !== null) layer.setWeightRange(await estimateWeightRange(layer, estimator))
      for (const change of changes)
        if (change.filters[0] < change.filters[1]) await quantizeChange(layer, change, estimator)
    }
  } finally {
    input.dispose()
  }
}

async function quantizeChange(
  layer: QuantizedLayer,
  { filters: [from, to], fraction }: Change,
  estimator: Estimator,
): Promise<void> {
  const known = layer.weightRange
  const isNew = (filter: number) => from <= filter && filter < to
  if (fraction === undefined) {
    const range =
      known !== null && !isChannelRange(known)
        ? known
        : withFilters(known, await estimateWeightRange(layer, estimator), isNew)
    quantizeFilters(layer, { from, to }, range)
  } else {
    const [kernel, mask] = await Promise.all([layer.kernel.read().data(), layer.kernelMask.read().data()])
    quantizeWeights(
      layer,
      largestWeights(kernel, mask, fraction),
      known ?? (await estimateWeightRange(layer, estimator)),
    )
  }
}

/** The known range with these filters' own scale and zero point in it. */
function withFilters(
  known: ChannelRange | null,
  estimated: QuantizationRange | ChannelRange,
  isNew: (filter: number) => boolean,
): QuantizationRange | ChannelRange {
  if (known === null || !isChannelRange(estimated)) return estimated
  return {
    ...estimated,
    scale: estimated.scale.map((scale, filter) => (isNew(filter) ? scale : known.scale[filter]!)),
    zeroPoint: estimated.zeroPoint.map((zero, filter) => (isNew(filter) ? zero : known.zeroPoint[filter]!)),
  }
}
