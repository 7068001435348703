/**
 * What was refused:
 * - `FILE` the bytes are no safetensors file, or it is damaged
 * - `VERSION` not an integer network, or one of a version that this package does not read
 * - `GRAPH` the description is not as documented: a missing, unknown or ill-typed field, a name used twice, a value read before it is made
 * - `OPERATOR` an operator that this version does not have
 * - `TENSOR` a tensor is missing, left over, or of another type or size than its node says
 * - `SHAPE` shapes, strides, padding or groups that do not fit each other
 * - `RANGE` a scale, zero point, code or sum outside of what the arithmetic allows
 * - `LIMIT` larger than this package takes on
 * - `INPUT` what was given to run does not fit the network
 * - `ENGINE` the engine lacks an instruction set that is needed
 */
export type IntegerNetworkErrorCode =
  | 'FILE'
  | 'VERSION'
  | 'GRAPH'
  | 'OPERATOR'
  | 'TENSOR'
  | 'SHAPE'
  | 'RANGE'
  | 'LIMIT'
  | 'INPUT'
  | 'ENGINE'

/** The one error that this package throws about a network or what is fed to it. */
export class IntegerNetworkError extends Error {
  override readonly name = 'IntegerNetworkError'
  readonly code: IntegerNetworkErrorCode

  constructor(code: IntegerNetworkErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
  }
}
