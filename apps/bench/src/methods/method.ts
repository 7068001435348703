import type { LayerQuantizer } from '@lowbit/quantizers/tfjs'
import type { LayerSensitivity, LayerShape, Plan, TrainingOptions } from '@lowbit/schedulers'
import type * as tf from '@tensorflow/tfjs'
import { checkedSettings, type MethodSettings, type SettingDefaults, type Settings, withDefaults } from './settings.js'
import { trainingOptions, trainingSettings } from './training-settings.js'

/** A way to quantize a network: what `--method` names and a row of the tables stands for. */
export interface Method<Name extends string = string> {
  readonly name: Name
  /** One line for `--help`. */
  readonly description: string
  /**
   * What in it `--set` can change, with the defaults. Those are part of what the name stands for, as results hold only what
   * was changed: once there are results, another default is another method.
   */
  readonly settings: SettingDefaults
  /**
   * The method with these settings in the place of their defaults.
   * Errors: `USAGE` where it has no such setting, or it cannot be that.
   */
  make(changed: MethodSettings): Recipe
}

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

/** A method whose recipe depends on its settings, and on those of training that every method has. */
export function defineMethod<const Name extends string, const Defaults extends SettingDefaults>({
  name,
  description,
  settings,
  make,
}: {
  readonly name: Name
  readonly description: string
  readonly settings: Defaults
  make(settings: Settings<Defaults>): Recipe
}): Method<Name> {
  const all = { ...settings, ...trainingSettings }
  return {
    name,
    description,
    settings: all,
    make(changed) {
      const chosen = withDefaults(all, checkedSettings(name, all, changed))
      const recipe = make(chosen)
      return { ...recipe, training: (float) => ({ ...trainingOptions(chosen), ...recipe.training?.(float) }) }
    },
  }
}
