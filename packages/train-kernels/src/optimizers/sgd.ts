import * as tf from '@tensorflow/tfjs'
import { fusedStep } from './fused-step.js'
import { SlotOptimizer, type VariableUpdate } from './slot-optimizer.js'

export interface SgdOptions {
  /** Default 0.01. May be changed at any time through the optimizer's field. */
  readonly learningRate?: number
  /** How much of the velocity the next step keeps; default 0: no velocity is remembered. */
  readonly momentum?: number
}

/**
 * Gradient descent: velocity = momentum * velocity + g, w = w - rate * velocity. On the wasm backend with our kernels all
 * variables take their step in one call; elsewhere it is composed of tfjs operations.
 */
export function sgd(options: SgdOptions = {}): Sgd {
  return new Sgd(options)
}

export class Sgd extends SlotOptimizer {
  static readonly className = 'LowbitSgd'
  readonly slotNames: readonly string[]
  learningRate: number
  readonly momentum: number

  constructor({ learningRate = 0.01, momentum = 0 }: SgdOptions) {
    super()
    this.learningRate = learningRate
    this.momentum = momentum
    this.slotNames = momentum === 0 ? [] : ['momentum']
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { learningRate: this.learningRate, momentum: this.momentum }
  }

  protected override newValues(updates: readonly VariableUpdate[]): tf.Tensor[] {
    const { momentum, learningRate: rate } = this
    const fused =
      momentum === 0
        ? fusedStep('LowbitGradientDescent', [], updates, { rate })
        : fusedStep('LowbitMomentum', ['velocity'], updates, { rate, momentum })
    return fused ?? updates.map((update) => composed(update, rate, momentum))
  }
}

function composed({ variable, gradient, slots }: VariableUpdate, rate: number, momentum: number): tf.Tensor {
  const [velocity] = slots
  if (!velocity) return tf.sub(variable, tf.mul(gradient, rate))
  const next = tf.add(tf.mul(velocity, momentum), gradient)
  velocity.assign(next)
  return tf.sub(variable, tf.mul(next, rate))
}
