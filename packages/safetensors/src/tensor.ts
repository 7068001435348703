/** What holds the elements of each element type. Half floats stay raw bits, booleans stay bytes of 0 and 1. */
export interface TensorData {
  F64: Float64Array
  F32: Float32Array
  F16: Uint16Array
  BF16: Uint16Array
  I64: BigInt64Array
  I32: Int32Array
  I16: Int16Array
  I8: Int8Array
  U64: BigUint64Array
  U32: Uint32Array
  U16: Uint16Array
  U8: Uint8Array
  BOOL: Uint8Array
}

export type Dtype = keyof TensorData

/** One tensor, row-major. `shape` is `[]` for a scalar; `dtype` tells which typed array `data` is. */
export type Tensor = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: TensorData[D] }
}[Dtype]

/** What makes an array of each element type; its name and the bytes of an element go with it. */
export const elementArrays: ReadonlyMap<string, ElementArray> = new Map<Dtype, ElementArray>([
  ['F64', Float64Array],
  ['F32', Float32Array],
  ['F16', Uint16Array],
  ['BF16', Uint16Array],
  ['I64', BigInt64Array],
  ['I32', Int32Array],
  ['I16', Int16Array],
  ['I8', Int8Array],
  ['U64', BigUint64Array],
  ['U32', Uint32Array],
  ['U16', Uint16Array],
  ['U8', Uint8Array],
  ['BOOL', Uint8Array],
])

interface ElementArray {
  readonly name: string
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Tensor['data']
}

export function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && elementArrays.has(value)
}

/** Product of the dimensions, or undefined where one is no size or the product is beyond 2^53. */
export function elementCount(shape: readonly unknown[]): number | undefined {
  let count = 1
  for (const size of shape) {
    if (!isSize(size)) return undefined
    count *= size
    if (!Number.isSafeInteger(count)) return undefined
  }
  return count
}

/** A whole number from 0 to 2^53 - 1. Minus zero is none: it would not come back from a file. */
export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
}

/** Files hold UTF-8, which has no lone surrogates. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
