import type { ChannelRange, QuantizationRange } from '@lowbit/quantizers'
import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

interface LayerState {
  readonly inputRange: QuantizationRange | null
  readonly weightRange: QuantizationRange | ChannelRange | null
}

/** The ranges of all quantized layers, by name, as JSON. Which weights they hold for is in the layers' masks. */
export function readLayerStates(model: tf.LayersModel): string {
  const states: Record<string, LayerState> = {}
  for (const { name, inputRange, weightRange } of quantizedLayers(model)) states[name] = { inputRange, weightRange }
  return JSON.stringify(states)
}

/** The layers of which weights were quantized, from what `readLayerStates` gave. */
export function layersWithQuantizedWeights(json: string): string[] {
  const states: Record<string, LayerState> = JSON.parse(json)
  return Object.keys(states).filter((name) => states[name]!.weightRange !== null)
}

/** @throws SchedulerError `CHECKPOINT` where the JSON is of other layers; QuantizerError where a range is none. */
export function writeLayerStates(model: tf.LayersModel, json: string): void {
  const states: Record<string, LayerState> = JSON.parse(json)
  const layers = quantizedLayers(model)
  const names = layers.map((layer) => layer.name).join(', ')
  if (Object.keys(states).join(', ') !== names) {
    throw new SchedulerError(
      'CHECKPOINT',
      `train(): the checkpoint's quantized layers are ${Object.keys(states).join(', ')}; expected ${names}`,
    )
  }
  for (const layer of layers) {
    const { inputRange, weightRange } = states[layer.name]!
    layer.setInputRange(inputRange)
    layer.setWeightRange(weightRange)
  }
}
