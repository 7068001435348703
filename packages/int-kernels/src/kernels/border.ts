import { type Func, func } from '@lowbit/wasm-emit'

/** Fills what surrounds an image: `before` bytes, then `between` bytes after each row of `inside` bytes, then `after` bytes. */
export interface Border {
  readonly kernel: 'border'
  readonly byte: number
  readonly before: number
  readonly rows: number
  readonly inside: number
  readonly between: number
  readonly after: number
}

/** Parameter: buffer, where the border begins. */
export function border({ byte, before, rows, inside, between, after }: Border): Func {
  return func('border', { buffer: 'i32' }, ({ buffer }, { local, repeat, advance, fill }) => {
    const at = local(buffer, 'at')
    if (before > 0) fill(at, byte, before)
    advance(at, before + inside)
    if (rows > 1) {
      repeat(rows - 1, () => {
        if (between > 0) fill(at, byte, between)
        advance(at, between + inside)
      })
    }
    if (after > 0) fill(at, byte, after)
  })
}
