import {
  type ChannelRange,
  isChannelRange,
  type QuantizationRange,
  type Scheme,
  validateRange,
  validateScheme,
} from '@lowbit/quantizers'
import { type QuantizedLayer, quantizedLayers } from '@lowbit/quantizers/tfjs'
import type * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

interface LayerState {
  readonly inputScheme: Scheme
  readonly weightScheme: Scheme
  readonly inputRange: QuantizationRange | null
  readonly weightRange: QuantizationRange | ChannelRange | null
}

export type LayerStates = ReadonlyMap<string, LayerState>

/** Schemes and ranges of all quantized layers, by name, as JSON. Which weights they hold for is in the layers' masks. */
export function readLayerStates(model: tf.LayersModel): string {
  const states: Record<string, LayerState> = {}
  for (const { name, inputScheme, weightScheme, inputRange, weightRange } of quantizedLayers(model)) {
    states[name] = { inputScheme, weightScheme, inputRange, weightRange }
  }
  return JSON.stringify(states)
}

/**
 * By layer, what `readLayerStates` gave.
 * @throws SchedulerError `CHECKPOINT` where it is something else, naming the layer whose scheme or range is none
 */
export function parseLayerStates(json: string): LayerStates {
  const states = blame('its quantized layers', () => Object.entries<LayerState>(JSON.parse(json)))
  for (const [name, state] of states) {
    for (const kind of ['inputScheme', 'weightScheme'] as const) {
      blame(`${kind} of ${name}`, () => validateScheme(state[kind]))
    }
    for (const kind of ['inputRange', 'weightRange'] as const) {
      blame(`${kind} of ${name}`, () => state[kind] === null || validateRange(state[kind], 'train'))
    }
  }
  return new Map(states)
}

/** The layers of which weights were quantized. */
export function layersWithQuantizedWeights(states: LayerStates): string[] {
  return [...states].filter(([, { weightRange }]) => weightRange !== null).map(([name]) => name)
}

/** @throws SchedulerError `CHECKPOINT` where they are of other layers, or of layers with other schemes */
export function checkLayerStates(model: tf.LayersModel, states: LayerStates): void {
  const layers = quantizedLayers(model)
  const names = layers.map((layer) => layer.name).join(', ')
  const known = [...states.keys()].join(', ')
  if (known !== names) fail(`its quantized layers are ${known}; expected ${names}`)
  for (const layer of layers) {
    const state = states.get(layer.name)!
    checkScheme(`input of ${layer.name}`, state.inputScheme, layer.inputScheme)
    checkScheme(`weights of ${layer.name}`, state.weightScheme, layer.weightScheme)
    checkGranularity(layer, state)
  }
}

function checkScheme(what: string, saved: Scheme, scheme: Scheme): void {
  if (textOf(saved) !== textOf(scheme)) fail(`${what}: ${textOf(saved)}; expected ${textOf(scheme)}`)
}

function textOf({ levels, symmetric, narrow, axis }: Scheme): string {
  const along = axis === undefined ? '' : ` along axis ${axis}`
  return `${levels} levels, ${symmetric ? 'symmetric' : 'affine'}${narrow ? ', narrow' : ''}${along}`
}

/** Of states that were checked. */
export function writeLayerStates(model: tf.LayersModel, states: LayerStates): void {
  for (const layer of quantizedLayers(model)) {
    const { inputRange, weightRange } = states.get(layer.name)!
    layer.setInputRange(inputRange)
    layer.setWeightRange(weightRange)
  }
}

/** What the layer would refuse itself, when the layers before it had been changed already. */
function checkGranularity(layer: QuantizedLayer, { inputRange, weightRange }: LayerState): void {
  const { name, filters, kernel, weightScheme, learnedSteps } = layer
  if (inputRange !== null && isChannelRange(inputRange)) {
    fail(`inputRange of ${name} is one per channel; expected one per tensor`)
  }
  if (weightRange === null) return
  if (isChannelRange(weightRange)) {
    const { scale, axis } = weightRange
    const last = kernel.shape.length - 1
    if (scale.length !== filters || (axis !== -1 && axis !== last)) {
      fail(`weightRange of ${name} has ${scale.length} scales on axis ${axis}; expected ${filters} on axis ${last}`)
    }
  }
  const perChannel = weightScheme.axis !== undefined
  if (learnedSteps !== null && isChannelRange(weightRange) !== perChannel) {
    fail(`weightRange of ${name} is one per ${perChannel ? 'tensor' : 'channel'}; expected one as its steps are`)
  }
}

function blame<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    return fail(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

function fail(message: string, options?: ErrorOptions): never {
  throw new SchedulerError('CHECKPOINT', `train(): cannot resume: ${message}`, options)
}
