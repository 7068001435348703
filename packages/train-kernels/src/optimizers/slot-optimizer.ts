import * as tf from '@tensorflow/tfjs'
import { TrainKernelsError } from '../train-kernels-error.js'

/** A variable with its gradient and what the optimizer remembers of it. */
export interface VariableUpdate {
  readonly variable: tf.Variable
  readonly gradient: tf.Tensor
  /** In the order of the optimizer's `slotNames`. */
  readonly slots: readonly tf.Variable[]
}

/**
 * An optimizer that remembers tensors ("slots") of a variable's shape, zero at first. Unlike tfjs's own it knows them by the
 * variable, so the variables of a step may change from call to call. `getWeights` gives the steps taken and the slots of all
 * variables in the order in which these first came; after `setWeights` they must come in that order again, whatever their
 * names: then training goes on with the same bits.
 */
export abstract class SlotOptimizer extends tf.Optimizer {
  abstract readonly slotNames: readonly string[]
  private readonly slots = new Map<string, tf.Variable[]>()
  private restored: tf.Variable[][] = []

  /** New values of the variables after step number `step` (from 1); slots are changed in place or assigned. */
  protected abstract newValues(updates: readonly VariableUpdate[], step: number): tf.Tensor[]

  override applyGradients(variableGradients: tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[]): void {
    const given = Array.isArray(variableGradients)
      ? variableGradients
      : Object.entries(variableGradients).map(([name, tensor]) => ({ name, tensor }))
    tf.tidy(() => {
      const updates: VariableUpdate[] = []
      for (const { name, tensor: gradient } of given) {
        const variable = tf.engine().registeredVariables[name]!
        const slots = this.slotsOf(variable)
        if (gradient) updates.push({ variable, gradient, slots })
      }
      const values = updates.length > 0 ? this.newValues(updates, this.iterations + 1) : []
      for (const [i, value] of values.entries()) updates[i]!.variable.assign(value)
    })
    this.incrementIterations()
  }

  override dispose(): void {
    for (const slots of this.allSlots()) tf.dispose(slots)
    this.slots.clear()
    this.restored = []
  }

  override async getWeights(): Promise<{ name: string; tensor: tf.Tensor }[]> {
    const names = [...this.slots.keys()]
    const weights = this.slotNames.flatMap((slotName, s) =>
      this.allSlots().map((slots, i) => ({ name: `${names[i] ?? i}/${slotName}`, tensor: slots[s]! })),
    )
    return [await this.saveIterations(), ...weights]
  }

  override async setWeights(weights: { name: string; tensor: tf.Tensor }[]): Promise<void> {
    const slots = await this.extractIterations(weights)
    const variables = this.slotNames.length > 0 ? slots.length / this.slotNames.length : 0
    if (!Number.isInteger(variables))
      throw new TrainKernelsError(
        'ARGUMENT',
        `setWeights: got ${slots.length} slots, expected a multiple of ${this.slotNames.length} (${this.slotNames.join(', ')})`,
      )
    this.dispose()
    this.restored = Array.from({ length: variables }, (_, i) =>
      this.slotNames.map((_, s) => slots[s * variables + i]!.tensor.variable(false)),
    )
  }

  private allSlots(): tf.Variable[][] {
    return [...this.slots.values(), ...this.restored]
  }

  private slotsOf(variable: tf.Variable): tf.Variable[] {
    const known = this.slots.get(variable.name)
    if (known) return known.map(unshared)
    const slots = this.restored.shift() ?? this.slotNames.map(() => tf.zerosLike(variable).variable(false))
    for (const slot of slots)
      if (!tf.util.arraysEqual(slot.shape, variable.shape))
        throw new TrainKernelsError(
          'ARGUMENT',
          `applyGradients: ${variable.name} is [${variable.shape}], the slot restored for it [${slot.shape}]; expected variables in the order of the saved ones`,
        )
    this.slots.set(variable.name, slots)
    return slots.map(unshared)
  }
}

/** The slot, with memory of its own: a clone that somebody made must not change with it. */
function unshared(slot: tf.Variable): tf.Variable {
  if (tf.engine().backend.refCount(slot.dataId) > 1) slot.assign(tf.tensor(slot.dataSync().slice(), slot.shape))
  return slot
}
