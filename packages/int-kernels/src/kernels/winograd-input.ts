import { func, i8x16, i16x8, i32, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import { addresses } from './tail.js'
import { times } from './times.js'
import { forTiles, tileParameters } from './winograd-blocks.js'

export interface WinogradInput {
  readonly part: 'winograd-input'
  /** Of a transformed code. */
  readonly bytes: number
  /** As of the convolution. */
  readonly raised: number
  /** Bytes from one pixel of the input to the next, and from one of the 16 matrices. */
  readonly pixel: number
  readonly plane: number
}

/**
 * Transforms the windows of a block: of each 4x4 window d the 16 numbers of Bᵀ d B, each to its own matrix [tile, channel].
 *
 *     Bᵀ = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]
 *
 * In bytes all but the one that has no differences are raised by twice the largest code, so that none is negative.
 */
export function winogradInput({ part, bytes, raised, pixel, plane }: WinogradInput) {
  const lanes = 16 / bytes
  const { add, sub } = bytes === 1 ? i8x16 : i16x8
  const names = ['input', 'transformed', 'row', 'chunks', ...tileParameters]
  return func(part, addresses(names), (given, body) => {
    const { local, repeat, advance, store } = body
    const to = local(given.transformed!, 'to')
    const load = (at: Local<'i32'>, offset: number): V128 =>
      bytes === 1 ? v128.load(at, offset) : v128.load8x8U(at, offset)
    /** Bᵀ of a column, or of a row. */
    const transform = ([a, b, c, d]: readonly Local<'v128'>[]): V128[] => [
      sub(a!, c!),
      add(b!, c!),
      sub(c!, b!),
      sub(b!, d!),
    ]
    forTiles(body, given, (y) => {
      const lines = times(4, (row) => local(i32.add(given.input!, i32.mul(given.row!, i32.add(y, row))), 'line'))
      return (x) => {
        const window = lines.map((line) => local(i32.add(line, i32.mul(x, pixel)), 'window'))
        repeat(given.chunks!, () => {
          const half = times(4, (column) =>
            transform(window.map((at) => local(load(at, column * pixel)))).map((value) => local(value)),
          )
          for (const i of [0, 1, 2, 3]) {
            transform(half.map((column) => column[i]!)).forEach((value, j) => {
              const position = 4 * i + j
              store(to, raised > 0 && position !== 5 ? add(value, raised) : value, position * plane)
            })
          }
          for (const at of window) advance(at, lanes)
          advance(to, 16)
        })
      }
    })
  })
}
