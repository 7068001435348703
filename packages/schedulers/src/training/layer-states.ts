import { type ChannelRange, type QuantizationRange, validateRange } from '@lowbit/quantizers'
import { quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

interface LayerState {
  readonly inputRange: QuantizationRange | null
  readonly weightRange: QuantizationRange | ChannelRange | null
}

export type LayerStates = ReadonlyMap<string, LayerState>

/** The ranges of all quantized layers, by name, as JSON. Which weights they hold for is in the layers' masks. */
export function readLayerStates(model: tf.LayersModel): string {
  const states: Record<string, LayerState> = {}
  for (const { name, inputRange, weightRange } of quantizedLayers(model)) states[name] = { inputRange, weightRange }
  return JSON.stringify(states)
}

/** By layer, what `readLayerStates` gave. Throws what JSON or a range throws that is none. */
export function parseLayerStates(json: string): LayerStates {
  const states = Object.entries<LayerState>(JSON.parse(json))
  for (const [, { inputRange, weightRange }] of states) {
    for (const range of [inputRange, weightRange]) if (range !== null) validateRange(range, 'train')
  }
  return new Map(states)
}

/** The layers of which weights were quantized. */
export function layersWithQuantizedWeights(states: LayerStates): string[] {
  return [...states].filter(([, { weightRange }]) => weightRange !== null).map(([name]) => name)
}

/** @throws SchedulerError `CHECKPOINT` where they are of other layers, before anything is changed. */
export function writeLayerStates(model: tf.LayersModel, states: LayerStates): void {
  const layers = quantizedLayers(model)
  const names = layers.map((layer) => layer.name).join(', ')
  const known = [...states.keys()].join(', ')
  if (known !== names) {
    throw new SchedulerError('CHECKPOINT', `train(): the checkpoint's quantized layers are ${known}; expected ${names}`)
  }
  for (const layer of layers) {
    const { inputRange, weightRange } = states.get(layer.name)!
    layer.setInputRange(inputRange)
    layer.setWeightRange(weightRange)
  }
}
