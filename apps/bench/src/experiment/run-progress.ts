/** What a run tells whoever watches it, a few times a second at most. */
export interface RunProgress {
  /** Optimizer steps done and to be done. */
  readonly step: number
  readonly steps: number
  /** Passes over the training images done and to be done, in fractions. */
  readonly epoch: number
  readonly epochs: number
  readonly stage: number
  readonly stages: number
  readonly loss: number
  /** Held-out accuracy when last looked at, a fraction. */
  readonly accuracy: number | undefined
  /** Seconds until the run is done, at the speed so far. */
  readonly secondsLeft: number
}
