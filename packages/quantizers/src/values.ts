import { QuantizerError } from './quantizer-error.js'

/** Numbers to be quantized; a plain array is rounded to f32 first. */
export type Values = Float32Array | readonly number[]

export function asFloat32(values: Values): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

/** The error for a NaN or an infinity at `index` of what the caller was given. */
export function notFinite(caller: string, values: Values, index: number): QuantizerError {
  return new QuantizerError('VALUE', `${caller}(): value ${index} is ${values[index]}, expected a finite f32 number`)
}
