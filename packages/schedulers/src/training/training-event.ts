/** What training reports. `step` counts the steps done so far in the whole run, `stage` the plan's stages from 0. */
export type TrainingEvent =
  | ResumedEvent
  | StageBeginEvent
  | StepEvent
  | EvaluatedEvent
  | CheckpointEvent
  | StageEndEvent

/** The run goes on from a checkpoint. */
export interface ResumedEvent extends Moment {
  readonly type: 'resumed'
}

/** The stage's changes are made; its steps follow. */
export interface StageBeginEvent extends Moment {
  readonly type: 'stage-begin'
  /** Weights that train in this stage, frozen ones not counted. Where it is 0 the stage's steps are passed over. */
  readonly trainable: number
}

export interface StepEvent extends Moment {
  readonly type: 'step'
  /** Of this step's batch, before its update. */
  readonly loss: number
  readonly learningRate: number
}

/** What the caller's `evaluate` found: right after a stage's changes, after some steps, or at the end of the stage. */
export interface EvaluatedEvent extends Moment {
  readonly type: 'evaluated'
  readonly at: 'stage-begin' | 'step' | 'stage-end'
  readonly metrics: Metrics
}

/** All that is needed to go on from here, as a safetensors file. */
export interface CheckpointEvent extends Moment {
  readonly type: 'checkpoint'
  readonly bytes: Uint8Array
}

export interface StageEndEvent extends Moment {
  readonly type: 'stage-end'
}

export type Metrics = Readonly<Record<string, number>>

interface Moment {
  readonly step: number
  readonly stage: number
  /** The stage's name. */
  readonly name: string
}
