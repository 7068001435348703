import * as tf from '@tensorflow/tfjs'
import { fusedStep } from './fused-step.js'
import { SlotOptimizer, type VariableUpdate } from './slot-optimizer.js'

export interface AdamOptions {
  /** Default 0.001. May be changed at any time through the optimizer's field. */
  readonly learningRate?: number
  /** Default 0.9. */
  readonly beta1?: number
  /** Default 0.999. */
  readonly beta2?: number
  /** Added to the root of the corrected second moment. Default 1e-7, as in tfjs. */
  readonly epsilon?: number
}

export interface AdamWOptions extends AdamOptions {
  /** What a step takes off a weight beside the gradient's part, in units of learningRate x weight. Default 0.01. */
  readonly weightDecay?: number
}

/**
 * Adam (Kingma and Ba, 2015): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * w = w - rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon). On the wasm backend with our kernels all variables
 * take their step in one call; elsewhere it is composed of tfjs operations.
 */
export function adam(options: AdamOptions = {}): Adam {
  return new Adam({ ...options, weightDecay: 0 })
}

/** Adam with decoupled weight decay (Loshchilov and Hutter, 2019): w is multiplied by 1 - rate * weightDecay first. */
export function adamW({ weightDecay = 0.01, ...options }: AdamWOptions = {}): Adam {
  return new Adam({ ...options, weightDecay })
}

export class Adam extends SlotOptimizer {
  static readonly className = 'LowbitAdam'
  readonly slotNames = ['m', 'v']
  learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 }: AdamWOptions) {
    super()
    this.learningRate = learningRate
    this.beta1 = beta1
    this.beta2 = beta2
    this.epsilon = epsilon
    this.weightDecay = weightDecay
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = this
    return { learningRate, beta1, beta2, epsilon, weightDecay }
  }

  protected override newValues(updates: readonly VariableUpdate[], step: number): tf.Tensor[] {
    const { beta1, beta2, epsilon, learningRate: rate } = this
    const constants = {
      ...{ beta1, beta2, epsilon, rate },
      correction1: 1 / (1 - power(beta1, step)),
      correction2: 1 / (1 - power(beta2, step)),
      decay: 1 - rate * this.weightDecay,
    }
    return (
      fusedStep('LowbitAdam', ['first', 'second'], updates, constants) ?? updates.map((u) => composed(u, constants))
    )
  }
}

type Constants = Record<'beta1' | 'beta2' | 'epsilon' | 'rate' | 'correction1' | 'correction2' | 'decay', number>

function composed({ variable, gradient, slots }: VariableUpdate, c: Constants): tf.Tensor {
  const [first, second] = slots as [tf.Variable, tf.Variable]
  const m = tf.add(tf.mul(first, c.beta1), tf.mul(gradient, 1 - c.beta1))
  const v = tf.add(tf.mul(second, c.beta2), tf.mul(tf.square(gradient), 1 - c.beta2))
  first.assign(m)
  second.assign(v)
  const step = tf.div(tf.mul(m, c.correction1), tf.add(tf.sqrt(tf.mul(v, c.correction2)), c.epsilon))
  return tf.sub(tf.mul(variable, c.decay), tf.mul(step, c.rate))
}

/** base^exponent by squaring: the same bits in every engine, where those of Math.pow are the engine's own. */
function power(base: number, exponent: number): number {
  if (exponent === 0) return 1
  const half = power(base, Math.floor(exponent / 2))
  return exponent % 2 === 1 ? half * half * base : half * half
}
