import type * as tf from '@tensorflow/tfjs'
import { SchedulerError } from '../scheduler-error.js'

/** Where in a run something was looked at, for messages. */
export interface Where {
  readonly step: number
  readonly name: string
}

/**
 * Ends a diverged run early: looks at the loss and at every weight, because relu6 on the wasm backend turns NaN into 0
 * and a network of NaN weights can still show a finite loss.
 *
 * @throws SchedulerError `NOT_FINITE` that names the step and the variable.
 */
export async function checkFinite(model: tf.LayersModel, loss: number, { step, name }: Where): Promise<void> {
  const when = `after step ${step} (stage ${name})`
  for (const weight of model.weights) {
    const values = await weight.read().data()
    const index = values.findIndex((value) => !Number.isFinite(value))
    if (index >= 0) {
      throw new SchedulerError(
        'NOT_FINITE',
        `train(): ${weight.originalName}[${index}] is ${values[index]} ${when}, the loss ${loss}; expected finite weights`,
      )
    }
  }
  if (!Number.isFinite(loss)) {
    throw new SchedulerError('NOT_FINITE', `train(): the loss is ${loss} ${when}; expected a finite number`)
  }
}
