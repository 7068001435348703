import type { QuantizedLayer } from '@lowbit/quantizers/tfjs'
import * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'
import { movingAverage } from './moving-average.js'
import type { SavedValue } from './optimizer-state.js'

/**
 * What is known of the weights that go back and forth between two levels, and which of them are frozen for it (Nagel et al.
 * 2022, "Overcoming Oscillations in Quantization-Aware Training", Algorithm 1). Holds tensors: give it to
 * `disposeOscillations`.
 */
export interface Oscillations {
  readonly layers: readonly QuantizedLayer[]
  /** By the layer's name, of those that have quantized weights. */
  readonly watched: Map<string, WatchedLayer>
}

interface WatchedLayer {
  /** 1 where a weight was quantized when the stage began: what is watched. */
  readonly mask: tf.Tensor
  readonly record: OscillationRecord
}

/** Each of the shape of the kernel. */
interface OscillationRecord {
  /** The kernel's integers after the last step; of frozen weights, those that they stay at. */
  readonly integers: tf.Tensor
  /** -1 or 1: where the last change of the integer went; 0 before the first. */
  readonly direction: tf.Tensor
  /** Moving average of 1 where a step turned the last change around, else 0. */
  readonly frequency: tf.Tensor
  /** Moving average of the integers. */
  readonly average: tf.Tensor
  /** 1 where frozen. */
  readonly frozen: tf.Tensor
}

/** What a file holds of a record; the rest follows from the model. */
const SAVED = ['direction', 'frequency', 'average', 'frozen'] as const

export interface OscillationFreezing {
  /**
   * Frequency of oscillations, 0..1 a step, above which a weight is frozen at the average of its integers, rounded: from
   * the first number to the second along half a cosine over the run.
   */
  readonly threshold: readonly [from: number, to: number]
  /** Share of the newest step in the moving averages, 0 < momentum <= 1; default 0.01. */
  readonly momentum?: number
}

export function watchOscillations(layers: readonly QuantizedLayer[]): Oscillations {
  return { layers, watched: new Map() }
}

/** Begins to watch what a stage quantized; layers whose ranges are new are watched from the beginning. */
export function beginOscillations({ layers, watched }: Oscillations, estimatedAnew: readonly string[]): void {
  for (const layer of layers) {
    const known = estimatedAnew.includes(layer.name) ? undefined : watched.get(layer.name)
    replace(watched, layer, () => {
      const fresh = freshRecord(layer)
      if (known === undefined) return fresh
      const wasWatched = tf.cast(known.mask, 'bool')
      return mapRecord((field) => tf.where(wasWatched, known.record[field], fresh[field]))
    })
  }
}

/**
 * Takes note of a step of the optimizer, freezes what now oscillates too often, and puts everything frozen back to its
 * integer: a weight is frozen in units of its scale, whatever becomes of that.
 */
export function followOscillations(
  { layers, watched }: Oscillations,
  { threshold, momentum }: { readonly threshold: number; readonly momentum: number },
): void {
  for (const layer of layers) {
    const known = watched.get(layer.name)
    if (known === undefined) continue
    const { mask, record } = known
    const next = keepRecord(() => {
      const { integers: now, intervals } = layer.kernelIntegers()!
      const turn = tf.sign(tf.sub(now, record.integers))
      // Their product is -1 exactly where the last change was the other way.
      const oscillated = tf.mul(tf.cast(tf.less(tf.mul(turn, record.direction), 0), 'float32'), mask)
      const frequency = movingAverage(record.frequency, oscillated, momentum)
      const average = movingAverage(record.average, now, momentum)
      const wasFrozen = tf.cast(record.frozen, 'bool')
      const isNew = tf.logicalAnd(tf.greater(frequency, threshold), tf.logicalNot(wasFrozen))
      // Plus 0: rounding gives -0 too, which a resumed run would not find again in the weight.
      const integers = tf.add(tf.where(wasFrozen, record.integers, tf.where(isNew, tf.round(average), now)), 0)
      const isFrozen = tf.logicalOr(wasFrozen, isNew)
      layer.kernel.write(tf.where(isFrozen, tf.div(integers, intervals.inverseScale), layer.kernel.read()))
      const direction = tf.where(tf.equal(turn, 0), record.direction, turn)
      return { integers, direction, frequency, average, frozen: tf.cast(isFrozen, 'float32') }
    })
    tf.dispose({ ...record })
    watched.set(layer.name, { mask, record: next })
  }
}

/** The gradients with 0 for what is frozen, so that neither norms nor moments see it. Call in tf.tidy(). */
export function freeOfOscillations({ layers, watched }: Oscillations, gradients: tf.NamedTensorMap): tf.NamedTensorMap {
  const free = { ...gradients }
  for (const { name, kernel } of layers) {
    const known = watched.get(name)
    const gradient = gradients[kernel.name]
    if (known !== undefined && gradient !== undefined) {
      free[kernel.name] = tf.mul(gradient, tf.sub(1, known.record.frozen))
    }
  }
  return free
}

/** For a checkpoint, named `layer/field`. */
export async function readOscillations({ watched }: Oscillations): Promise<SavedValue[]> {
  const saved = [...watched].flatMap(([layer, { record }]) =>
    SAVED.map(async (field): Promise<SavedValue> => {
      // The cpu backend holds in bytes what was cast from booleans.
      const values = Float32Array.from(await record[field].data())
      return { name: `${layer}/${field}`, shape: record[field].shape, dtype: 'float32', values }
    }),
  )
  return Promise.all(saved)
}

/**
 * Checks what a checkpoint knows of the layers whose weights are quantized in it.
 *
 * @throws SchedulerError `CHECKPOINT` where it was made without looking for oscillations, or of other layers
 */
export function checkOscillations(
  layers: readonly QuantizedLayer[],
  quantized: readonly string[],
  saved: readonly SavedValue[],
): void {
  for (const { name, kernel } of layers.filter((layer) => quantized.includes(layer.name))) {
    for (const field of SAVED) {
      const value = savedField(saved, name, field)
      if (value?.shape.join() === kernel.shape.join()) continue
      const got = value === undefined ? 'absent' : `[${value.shape}]`
      throw new SchedulerError(
        'CHECKPOINT',
        `train(): cannot resume: oscillations/${name}/${field} is ${got}; expected [${kernel.shape}]`,
      )
    }
  }
}

/** Of a checkpoint that was checked, whose weights and ranges the model already has. */
export function writeOscillations({ layers, watched }: Oscillations, saved: readonly SavedValue[]): void {
  for (const layer of layers) {
    replace(watched, layer, () => {
      const tensorOf = (field: string) => {
        const { values, shape } = savedField(saved, layer.name, field)!
        return tf.tensor(values, [...shape])
      }
      return { ...freshRecord(layer), ...Object.fromEntries(SAVED.map((field) => [field, tensorOf(field)])) }
    })
  }
}

const savedField = (saved: readonly SavedValue[], layer: string, field: string) =>
  saved.find(({ name }) => name === `${layer}/${field}`)

export function disposeOscillations({ watched }: Oscillations): void {
  for (const layer of watched.values()) tf.dispose({ mask: layer.mask, ...layer.record })
  watched.clear()
}

/** Puts a new record in the place of a layer's present one; none where its weights are all float. */
function replace(watched: Oscillations['watched'], layer: QuantizedLayer, make: () => OscillationRecord): void {
  if (layer.weightRange === null) return
  const record = keepRecord(make)
  // A copy and no clone, which would share the variable's memory with whatever writes to it in place.
  const mask = tf.tidy(() => tf.keep(tf.add(layer.kernelMask.read(), 0)))
  const known = watched.get(layer.name)
  if (known !== undefined) tf.dispose({ mask: known.mask, ...known.record })
  watched.set(layer.name, { mask, record })
}

function freshRecord(layer: QuantizedLayer): OscillationRecord {
  const { integers } = layer.kernelIntegers()!
  const zeros = () => tf.zerosLike(integers)
  return { integers, direction: zeros(), frequency: zeros(), average: tf.add(integers, 0), frozen: zeros() }
}

function mapRecord(tensorOf: (field: keyof OscillationRecord) => tf.Tensor): OscillationRecord {
  return {
    integers: tensorOf('integers'),
    direction: tensorOf('direction'),
    frequency: tensorOf('frequency'),
    average: tensorOf('average'),
    frozen: tensorOf('frozen'),
  }
}

/** A record whose tensors outlive the tidy that they are made in; nothing else does. */
function keepRecord(make: () => OscillationRecord): OscillationRecord {
  return tf.tidy(() => {
    const record = { ...make() }
    for (const tensor of Object.values(record)) tf.keep(tensor)
    return record
  })
}
