import { type Func, func, i16x8, v128 } from '@lowbit/wasm-emit'

/** Copies codes from bytes to i16, rows and all that lies between them. */
export interface Widening {
  readonly kernel: 'widen'
  /** A multiple of 16. */
  readonly bytes: number
}

/** Parameters: input, output. */
export function widen({ bytes }: Widening): Func {
  return func('widen', { input: 'i32', output: 'i32' }, ({ input, output }, { local, repeat, advance, store }) => {
    const from = local(input, 'from')
    const to = local(output, 'to')
    repeat(bytes / 16, () => {
      const codes = local(v128.load(from))
      store(to, i16x8.extendLowU(codes))
      store(to, i16x8.extendHighU(codes), 16)
      advance(from, 16)
      advance(to, 32)
    })
  })
}
