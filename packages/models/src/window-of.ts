import { noPadding, type Padding, type Pair, samePadding } from '@lowbit/int-kernels/format'
import type * as tf from '@tensorflow/tfjs'
import { cannotLower, type Operand } from './lowering.js'

/** How a layer's window of `size` moves over what it reads, with the zeros that its input brings and those of its own. */
export function windowOf(
  layer: tf.layers.Layer,
  { shape, padding }: Operand,
  size: Pair,
): { readonly stride: Pair; readonly padding: Padding } {
  const config = layer.getConfig()
  refuseChannelsFirst(layer)
  const stride = pairOf(config.strides)
  const [height, width] = shape as [number, number, number]
  const own = config.padding === 'same' ? samePadding([height, width], size, stride) : noPadding
  const sides = addPadding(padding, own)
  if (Math.max(sides.top, sides.bottom) >= size[0] || Math.max(sides.left, sides.right) >= size[1]) {
    throw cannotLower(layer, `reads zeros beyond its window of [${size}]`)
  }
  return { stride, padding: sides }
}

/** The zeros that a ZeroPadding2D adds to those that its input brings. */
export function paddingOf(layer: tf.layers.Layer, { padding }: Operand): Padding {
  refuseChannelsFirst(layer)
  const [rows, columns] = layer.getConfig().padding as tf.serialization.ConfigDictArray
  const [top, bottom] = pairOf(rows)
  const [left, right] = pairOf(columns)
  return addPadding(padding, { top, bottom, left, right })
}

/** A number for both directions, or one for each. */
export function pairOf(value: tf.serialization.ConfigDictValue | undefined): Pair {
  const [vertical, horizontal] = Array.isArray(value) ? value : [value, value]
  return [Number(vertical), Number(horizontal)]
}

function addPadding(a: Padding | null, b: Padding): Padding {
  if (a === null) return b
  return { top: a.top + b.top, bottom: a.bottom + b.bottom, left: a.left + b.left, right: a.right + b.right }
}

function refuseChannelsFirst(layer: tf.layers.Layer): void {
  const { dataFormat } = layer.getConfig()
  if (dataFormat !== 'channelsLast') throw cannotLower(layer, `has data format ${dataFormat}; expected channelsLast`)
}
