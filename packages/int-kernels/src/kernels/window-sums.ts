import { type Func, func, i32x4, v128 } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import type { Taps } from './tile-sums.js'
import { walk } from './walk.js'

/**
 * The sum of the codes under each pixel of an output, as i32. It makes up for weights that were shifted into a byte: a filter
 * whose weights are d too small has sums that are d times this too small.
 */
export interface WindowSums {
  readonly kernel: 'window-sums'
  readonly rows: number
  readonly columns: number
  /** Bytes from the taps of one output row and pixel to the next. */
  readonly input: Strides
  readonly taps: Taps
}

/** Parameters: input (the first tap of the first pixel), mask (1 for each byte of a run that counts, else 0), output. */
export function windowSums({ rows, columns, input, taps }: WindowSums): Func {
  const chunks = Math.ceil(taps.bytes / 16)
  return func('window-sums', { input: 'i32', mask: 'i32', output: 'i32' }, (given, body) => {
    const { local, repeat, advance, store } = body
    const images = [
      { start: given.input, ...input },
      { start: given.output, row: 4 * columns, pixel: 4 },
    ]
    walk(body, { rows, columns, pixels: 1 }, images, (_, [pixel, output]) => {
      const sum = local(v128.zero, 'sum')
      const line = local(pixel!, 'line')
      repeat(taps.rows, () => {
        const tap = local(line, 'tap')
        repeat(taps.columns, () => {
          const at = local(tap, 'at')
          const mask = local(given.mask, 'mask')
          repeat(chunks, () => {
            sum.set(i32x4.relaxedDotAdd(v128.load(mask), v128.load(at), sum))
            advance(at, 16)
            advance(mask, 16)
          })
          advance(tap, taps.strides.pixel)
        })
        advance(line, taps.strides.row)
      })
      sum.set(i32x4.add(sum, i32x4.shuffle(sum, sum, [2, 3, 0, 1])))
      sum.set(i32x4.add(sum, i32x4.shuffle(sum, sum, [1, 0, 3, 2])))
      store(output!, i32x4.extractLane(sum, 0))
    })
  })
}
