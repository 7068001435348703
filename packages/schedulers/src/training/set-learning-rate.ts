import type * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

/**
 * Changes an optimizer's learning rate without touching its state. tfjs has a method for it in SGD and momentum only;
 * the others read their field `learningRate` at every step.
 */
export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  if ('setLearningRate' in optimizer && typeof optimizer.setLearningRate === 'function') {
    optimizer.setLearningRate(rate)
  } else if ('learningRate' in optimizer) {
    optimizer.learningRate = rate
  } else {
    throw new SchedulerError(
      'OPTION',
      `train(): the optimizer ${optimizer.getClassName()} has no learning rate; expected setLearningRate() or learningRate`,
    )
  }
}
