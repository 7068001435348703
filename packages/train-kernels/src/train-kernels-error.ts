/**
 * - `BACKEND` the wasm backend is not what this package knows how to work on
 * - `ARGUMENT` an option or an input out of its range
 * - `MEMORY` WebAssembly's memory could not hold what a kernel needs
 */
export type TrainKernelsErrorCode = 'BACKEND' | 'ARGUMENT' | 'MEMORY'

/** The one error of this package; the message names the function, the value got and the value expected. */
export class TrainKernelsError extends Error {
  override readonly name = 'TrainKernelsError'
  constructor(
    readonly code: TrainKernelsErrorCode,
    message: string,
  ) {
    super(message)
  }
}
