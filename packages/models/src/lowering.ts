import type { Node, Padding, Shape } from '@lowbit/int-kernels/format'
import type * as tf from '@tensorflow/tfjs'
import { ModelError } from './model-error.js'

/** What a layer reads: a value of the integer network, and zeros around it that the reading node has to put there. */
export interface Operand {
  readonly value: string
  /** With the zeros. */
  readonly shape: Shape
  /** `null`: no zeros. */
  readonly padding: Padding | null
  /** Behind a relu: zeros never win a maximum. */
  readonly nonNegative: boolean
}

/** A layer -> the nodes that compute it, the last one named after the layer; none where it hands its first input on. */
export type Lowering = (layer: tf.layers.Layer, inputs: readonly Operand[]) => readonly Node[]

export function cannotLower(layer: tf.layers.Layer, why: string): ModelError {
  return new ModelError('LOWER', `lower() ${layer.getClassName()} ${layer.name} ${why}`)
}
