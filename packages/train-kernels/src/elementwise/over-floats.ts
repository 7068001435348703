import { type Body, i32, type Local, type V128, v128 } from '@lowbit/wasm-emit'

/** How a step reads and writes: four f32 at once, or the first lane of a vector for what remains at the end. */
export interface FloatAccess {
  load(pointer: Local<'i32'>): V128
  store(pointer: Local<'i32'>, value: V128): void
}

/**
 * Goes over arrays of `count` f32 side by side, four elements a step and the last ones singly. `write` writes one step and
 * leaves the pointers alone; they have moved to the end of their arrays afterwards.
 */
export function overFloats(
  body: Body,
  count: Local<'i32'>,
  pointers: readonly Local<'i32'>[],
  write: (access: FloatAccess) => void,
): void {
  const loop = (turns: Local<'i32'>, bytes: number, access: FloatAccess) =>
    body.when(turns, () =>
      body.repeat(turns, () => {
        write(access)
        for (const pointer of pointers) body.advance(pointer, bytes)
      }),
    )
  loop(body.local(i32.shrU(count, 2)), 16, { load: (p) => v128.load(p), store: (p, value) => body.store(p, value) })
  loop(body.local(i32.and(count, 3)), 4, {
    load: (p) => v128.load32Zero(p),
    store: (p, value) => body.store32Lane(p, value, 0),
  })
}
