import * as tf from '@tensorflow/tfjs'
import { combinedScale, integerBounds, inverseScale } from '../../arithmetic.js'
import { type ChannelRange, type QuantizationRange, rangeOfChannel } from '../../range.js'
import type { Bounds } from '../operations/clamp.js'
import type { FilterIntervals } from '../operations/integer-filters.js'
import type { IntegerInterval } from '../operations/integer-input.js'

/** What a layer's arithmetic needs of its ranges, as tensors that live until the ranges change: no step uploads any. */
export interface LayerConstants {
  /** The activation that the layer took in; `input` has it already. */
  readonly inputActivation: Bounds | null
  /** `null`: the input is float. */
  readonly input: IntegerInterval | null
  /** `null`: the kernel is float. */
  readonly filters: FilterIntervals | null
  readonly biases: FilterIntervals
  /** Biases are rounded only where the input is quantized: without it, their step would be far too large. */
  readonly roundsBias: boolean
  /** [filters]: the bias of a layer without one, or the mask of biases that are not rounded. */
  readonly zeros: tf.Tensor
  /** [filters]: `fround(s_x * s_w)`. */
  readonly scale: tf.Tensor
  /** All of them, to be disposed of. */
  readonly tensors: tf.Tensor[]
}

/** The constants for these ranges; a range that is `null` counts as scale 1. The caller disposes of `tensors`. */
export function layerConstants(layer: {
  readonly filters: number
  readonly inputRange: QuantizationRange | null
  readonly weightRange: QuantizationRange | ChannelRange | null
  readonly inputActivation: Bounds | null
}): LayerConstants {
  const { filters, inputRange, weightRange, inputActivation } = layer
  const tensors: tf.Tensor[] = []
  const perFilter = (numberOf: (filter: number) => number): tf.Tensor => {
    const tensor = tf.keep(tf.tensor1d(Float32Array.from({ length: filters }, (_, filter) => numberOf(filter))))
    tensors.push(tensor)
    return tensor
  }
  const inputScale = inputRange?.scale ?? 1
  const weightRangeOf = (filter: number) => (weightRange === null ? null : rangeOfChannel(weightRange, filter))
  const combined = (filter: number) => combinedScale(inputScale, weightRangeOf(filter)?.scale ?? 1)
  return {
    inputActivation,
    input:
      inputRange === null
        ? null
        : { inverseScale: inverseScale(inputScale), ...integerBounds(inputRange, inputActivation ?? {}) },
    filters:
      weightRange === null
        ? null
        : {
            inverseScale: perFilter((filter) => inverseScale(weightRangeOf(filter)!.scale)),
            minimum: perFilter((filter) => integerBounds(weightRangeOf(filter)!).minimum),
            maximum: perFilter((filter) => integerBounds(weightRangeOf(filter)!).maximum),
          },
    biases: {
      inverseScale: perFilter((filter) => inverseScale(combined(filter))),
      minimum: perFilter(() => -Infinity),
      maximum: perFilter(() => Infinity),
    },
    roundsBias: inputRange !== null,
    zeros: perFilter(() => 0),
    scale: perFilter(combined),
    tensors,
  }
}
