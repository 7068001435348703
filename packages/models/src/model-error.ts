/**
 * What was refused:
 * - `NETWORK` a network that the zoo does not have
 * - `OPTION` an option out of its range
 * - `WEIGHTS` a weight file that is not the model's: a name, shape or type is missing, too many or different
 * - `LOWER` a layer that has no counterpart in an integer network
 */
export type ModelErrorCode = 'NETWORK' | 'OPTION' | 'WEIGHTS' | 'LOWER'

/** The one error that this package throws about a network or a file for one. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
