/**
 * What went wrong:
 * `OPTION` an option out of its range, `PLAN` a plan that contradicts itself, `MODEL` a model that the plan or the loop
 * does not fit, `DATA` batches that end or have another shape, `NOT_FINITE` a loss or weight that is NaN or infinite,
 * `CHECKPOINT` a file that is damaged or belongs to another run.
 */
export type SchedulerErrorCode = 'OPTION' | 'PLAN' | 'MODEL' | 'DATA' | 'NOT_FINITE' | 'CHECKPOINT'

/** The one error that this package throws; the message names the function, the value got and the value expected. */
export class SchedulerError extends Error {
  readonly code: SchedulerErrorCode

  constructor(code: SchedulerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SchedulerError'
    this.code = code
  }
}
