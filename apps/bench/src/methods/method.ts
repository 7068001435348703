import type { LayerQuantizer } from '@lowbit/quantizers/tfjs'
import type { LayerSensitivity, LayerShape, Plan, TrainingOptions } from '@lowbit/schedulers'
import type * as tf from '@tensorflow/tfjs'

/** A way to quantize a network: what `--method` names and a row of the tables stands for. */
export interface Method<Name extends string = string> {
  readonly name: Name
  /** One line for `--help`. */
  readonly description: string
  /**
   * The numbers in it that `--set` can change, with their defaults. Those are part of what the name stands for, as results
   * hold only what was changed: once there are results, another default is another method.
   */
  readonly settings: MethodSettings
  /** The method with these settings in the place of their defaults. */
  make(changed: MethodSettings): Recipe
}

export type MethodSettings = Readonly<Record<string, number>>

/** What a method does with a float network. */
export interface Recipe {
  /** What is quantized when; `groups` are those of neurons in a layer. All `steps` have to be spent. */
  plan(
    layers: readonly LayerShape[],
    options: { readonly steps: number; readonly groups: number },
    network: FloatNetwork,
  ): Plan | Promise<Plan>
  /** Whether scales stay as estimated or are trained; absent: they stay. */
  readonly quantizer?: LayerQuantizer
  /** What else its training does; `float` is the network before it is quantized, its batch norms folded. */
  training?(float: tf.LayersModel): Partial<TrainingOptions>
}

/** What a plan may depend on beside the layers' shapes. */
export interface FloatNetwork {
  /** What quantizing each layer alone costs, measured on the images that ranges are estimated on. */
  sensitivities(): Promise<LayerSensitivity[]>
}

/** A method whose recipe depends on its settings. */
export function defineMethod<const Name extends string, Settings extends MethodSettings>({
  make,
  ...described
}: {
  readonly name: Name
  readonly description: string
  readonly settings: Settings
  make(settings: Settings): Recipe
}): Method<Name> {
  return { ...described, make: (changed) => make({ ...described.settings, ...changed }) }
}
