/**
 * What was refused:
 * - `TRUNCATED` the file ends before what it announces
 * - `HEADER` the header is too long, not UTF-8, not JSON, not an object, or names something twice
 * - `METADATA` the metadata are not strings
 * - `NAME` a tensor's name cannot stand in a file
 * - `DTYPE` an unknown element type, or data of another type
 * - `SHAPE` a dimension that is no size, or a shape that does not fit the bytes
 * - `OFFSETS` bytes outside of the file, shared by two tensors, or owned by none
 */
export type SafetensorsErrorCode = 'TRUNCATED' | 'HEADER' | 'METADATA' | 'NAME' | 'DTYPE' | 'SHAPE' | 'OFFSETS'

/** The one error that this package throws about a file or the tensors for one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError'
  readonly code: SafetensorsErrorCode
  /** The tensor at fault, where it is a single one. */
  readonly tensor: string | undefined

  constructor(code: SafetensorsErrorCode, message: string, options: { tensor?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.tensor = options.tensor
  }
}
