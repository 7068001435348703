/**
 * What went wrong while a function was written:
 * - `TYPE` a value, result or argument of another type than the instruction takes
 * - `RANGE` a constant, lane, shift count, offset, loop count or page count out of its range
 * - `PLACE` a local read or set after the end of its block, or in another function
 * - `STALE` a value used after a local that it reads was set again
 * - `NAME` two exported functions of one name, or an instruction that does not exist
 * - `SIZE` more code or more locals than engines take
 * - `FORMAT` bytes that are not a module of this emitter
 */
export type WasmEmitErrorCode = 'TYPE' | 'RANGE' | 'PLACE' | 'STALE' | 'NAME' | 'SIZE' | 'FORMAT'

/** The one error of this package: thrown while a kernel is being written, never while it runs. */
export class WasmEmitError extends Error {
  override readonly name = 'WasmEmitError'
  constructor(
    readonly code: WasmEmitErrorCode,
    message: string,
  ) {
    super(message)
  }
}
