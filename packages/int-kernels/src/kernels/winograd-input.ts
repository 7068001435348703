import { func, i8x16, i16x8, i32, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import { arithmetics } from './arithmetic.js'
import { times } from './times.js'
import { clampedTo, planeBytes, tilesAlong, type WinogradConvolution } from './winograd-blocks.js'

/**
 * Transforms the windows of a block: of each 4x4 window d the 16 numbers of Bᵀ d B, each to its own matrix [tile, channel].
 *
 *     Bᵀ = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]
 *
 * In bytes all but the one that has no differences are raised by twice the largest code, so that none is negative.
 */
export function winogradInput(spec: WinogradConvolution) {
  const { rows, columns, blockRows, input, channels } = spec
  const { bytes } = arithmetics[spec.arithmetic]
  const lanes = 16 / bytes
  const { add, sub } = bytes === 1 ? i8x16 : i16x8
  const plane = planeBytes(spec).transformed
  const raised = raisedBy(spec)
  return func('winograd-input', { input: 'i32', transformed: 'i32', first: 'i32' }, (given, body) => {
    const { local, repeat, forRange, advance, store } = body
    const to = local(given.transformed, 'to')
    const load = (at: Local<'i32'>, row: number, column: number): V128 => {
      const offset = row * input.row + column * input.pixel
      return bytes === 1 ? v128.load(at, offset) : v128.load8x8U(at, offset)
    }
    /** Bᵀ of a column, or of a row. */
    const transform = ([a, b, c, d]: readonly Local<'v128'>[]): V128[] => [
      sub(a!, c!),
      add(b!, c!),
      sub(c!, b!),
      sub(b!, d!),
    ]
    forRange(0, blockRows, (tileRow) => {
      const y = clampedTo(rows, i32.add(given.first, tileRow))
      const line = local(i32.add(given.input, i32.mul(y, input.row)), 'line')
      forRange(0, tilesAlong(columns), (tileColumn) => {
        const at = local(i32.add(line, i32.mul(clampedTo(columns, tileColumn), input.pixel)), 'window')
        repeat(channels / lanes, () => {
          const half = times(4, (column) =>
            transform(times(4, (row) => local(load(at, row, column)))).map((value) => local(value)),
          )
          for (const i of [0, 1, 2, 3]) {
            transform(half.map((column) => column[i]!)).forEach((value, j) => {
              const position = 4 * i + j
              store(to, raised[position] ? add(value, raised[position]) : value, position * plane)
            })
          }
          advance(at, lanes)
          advance(to, 16)
        })
      })
    })
  })
}

/** What is added to each of the 16 numbers. */
export function raisedBy({
  arithmetic,
  largestCode,
}: Pick<WinogradConvolution, 'arithmetic' | 'largestCode'>): number[] {
  const raised = arithmetics[arithmetic].bytes === 1 ? 2 * largestCode : 0
  return times(16, (position) => (position === 5 ? 0 : raised))
}
