import type { Body, Local, Value } from '@lowbit/wasm-emit'

/** Writes the first 4, 8, 12 or 16 bytes of a vector. */
export function storeBytes(
  { store, store32Lane, store64Lane }: Pick<Body, 'store' | 'store32Lane' | 'store64Lane'>,
  pointer: Value<'i32'>,
  vector: Local<'v128'>,
  bytes: number,
  offset: number,
): void {
  if (bytes === 16) store(pointer, vector, offset)
  else if (bytes === 4) store32Lane(pointer, vector, 0, offset)
  else {
    store64Lane(pointer, vector, 0, offset)
    if (bytes === 12) store32Lane(pointer, vector, 2, offset + 8)
  }
}
