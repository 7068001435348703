/** What a person at the command line did or met that is not a bug: printed as one line, without a stack trace. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
  /** `USAGE` ends the process with exit code 2, everything else with 1. */
  readonly code: 'USAGE' | 'RUN' | 'RESULTS' | 'ENVIRONMENT' | 'VERIFY'

  constructor(code: BenchError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
