/**
 * A schedule is data: a plan says stage by stage what is quantized, what goes on training, for how many optimizer steps
 * and at which share of the learning rate. Everything here goes through JSON unchanged.
 */
export interface Plan {
  /** Name of the schedule that made it, for tables and files. */
  readonly method: string
  /** The layers that the plan quantizes, in the forward order of the network. */
  readonly layers: readonly LayerShape[]
  readonly stages: readonly Stage[]
}

/** A layer that can be quantized: a convolution or a dense layer; `filters` are its output channels (its neurons). */
export interface LayerShape {
  readonly name: string
  readonly filters: number
  readonly weightsPerFilter: number
}

export interface Stage {
  readonly name: string
  /** What becomes quantized when the stage begins. */
  readonly quantize: readonly Change[]
  /**
   * `'all'`: quantized neurons go on training through the straight-through estimator.
   * `'rest'`: quantized neurons are frozen, only what is still float trains.
   */
  readonly train: TrainingPolicy
  /** Optimizer steps, a whole number >= 0. */
  readonly steps: number
  /** Multipliers of the base learning rate at the stage's first and last step; the steps between lie on a line. */
  readonly learningRate: readonly [from: number, to: number]
  /** Layers, quantized in earlier stages, whose ranges are estimated anew when the stage begins. */
  readonly estimateRanges?: readonly string[]
}

export type TrainingPolicy = 'all' | 'rest'

/** One step of one layer from float to quantized. */
export interface Change {
  readonly layer: string
  /** Filters (with their biases) `from` up to but not including `to`; `[0, 0]` where only the input is quantized. */
  readonly filters: readonly [from: number, to: number]
  /** Whether the layer's input is quantized with them. */
  readonly input: boolean
  /**
   * Only this share of the filters' weights, those of largest magnitude: the share that is quantized *after* the stage,
   * 0 < fraction <= 1. Biases follow with the last weight. Absent: all of them.
   */
  readonly fraction?: number
}

/** A schedule: pure, without tfjs. `steps` is the total over all stages, to be spent exactly. */
export type Schedule = (layers: readonly LayerShape[], options: { readonly steps: number }) => Plan

/** The whole layer at once. */
export function wholeLayer(layer: LayerShape): Change {
  return { layer: layer.name, filters: [0, layer.filters], input: true }
}

/** Sum of the steps of all stages. */
export function totalSteps(plan: Plan): number {
  return plan.stages.reduce((sum, stage) => sum + stage.steps, 0)
}
