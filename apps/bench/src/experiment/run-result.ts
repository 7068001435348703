import type { Environment } from './environment.js'
import type { RunSpecification } from './run-specification.js'

/** One line of a results file: what was done, with all that is needed to do it again, and what came out. */
export interface RunResult {
  /** The hash of `specification`. */
  readonly run: string
  readonly specification: RunSpecification
  /** Fractions of images classified rightly. */
  readonly accuracy: {
    /** On the held-out images before the first step: that of the float baseline, where it is about to be quantized. */
    readonly start: number
    /** On the images set aside from the training images, at the end. */
    readonly heldOut: number
    /** On the test images, looked at once. */
    readonly test: number
  }
  /** Where the run went through: one entry for each stage of its plan. */
  readonly stages: readonly StageRecord[]
  /** Held-out accuracy after so many optimizer steps: at both borders of every stage and once an epoch. */
  readonly course?: readonly (readonly [step: number, accuracy: number])[]
  /** The largest fall of held-out accuracy below the best before it, at the borders of stages. */
  readonly largestDrop: number
  readonly steps: number
  /** sha256 of the trained weights' bytes. */
  readonly weights: string
  /** Seconds of computing, over all the pieces of an interrupted run. */
  readonly seconds: number
  readonly finished: string
  readonly environment: Environment
}

export interface StageRecord {
  readonly name: string
  /** Optimizer steps done when the stage ended. */
  readonly step: number
  /** Held-out accuracy when the stage's neurons had just been quantized, and at its end. */
  readonly begin: number
  readonly end: number
}
