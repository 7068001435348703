import { f32x4, func, i32, i32x4, type V128, v128 } from '@lowbit/wasm-emit'
import { channelBytes, parametersWith, type TailStep, writeTail } from './tail.js'
import { times } from './times.js'
import { advanceAll } from './walk.js'
import { forTiles, tileParameters } from './winograd-blocks.js'

export interface WinogradOutput {
  readonly part: 'winograd-output'
  /** Vectors of filters at a time. */
  readonly width: number
  /** Bytes from one of the 16 matrices to the next. */
  readonly plane: number
  readonly steps: readonly TailStep[]
  readonly buffers: number
}

/** Of a vector of filters: biases (i32) of the 4 outputs of a tile, then scales (f32). */
const winogradFilterBytes = 80

const origin = { row: 0, column: 0 }

/**
 * Transforms the products of a block back: of each 4x4 products m the 2x2 sums Aᵀ m A, which are 4 times those of the
 * convolution; adds 4 times the bias, divides by 4, and carries the tail out.
 *
 *     Aᵀ = [1 1 1 0; 0 1 -1 -1]
 */
export function winogradOutput({ part, width, plane, steps, buffers }: WinogradOutput) {
  // One output at a time, each with a place of its own.
  const tail = { steps, buffers: times(buffers, () => ({ row: 0, pixel: 0 })) }
  const bytesOf = channelBytes(tail)
  const strides = times(buffers, (i) => [`row${i}`, `pixel${i}`]).flat()
  const names = ['sums', 'filters', 'constants', 'panels', ...tileParameters, ...strides]
  return func(part, parametersWith(names, tail), (given, body) => {
    const { local, repeat, advance } = body
    const from = local(given.sums!, 'from')
    const transform = ([a, b, c, d]: readonly V128[]): V128[] => [
      i32x4.add(i32x4.add(a!, b!), c!),
      i32x4.sub(i32x4.sub(b!, c!), d!),
    ]
    forTiles(body, given, (y) => {
      const lines = times(buffers, (i) => local(i32.add(given[`buffer${i}`]!, i32.mul(y, given[`row${i}`]!)), 'line'))
      return (x) => {
        /** Where the tile's first output goes in each buffer. */
        const written = lines.map((line, i) => local(i32.add(line, i32.mul(x, given[`pixel${i}`]!)), 'written'))
        const filters = local(given.filters!, 'filters')
        repeat(given.panels!, () => {
          const quarters = times(width, (vector) => {
            const half = times(4, (column) =>
              transform(times(4, (row) => local(v128.load(from, (4 * row + column) * plane + 16 * vector)))).map(
                (value) => local(value),
              ),
            )
            return times(2, (i) =>
              transform(half.map((column) => column[i]!)).map((sum, j) => {
                const bias = v128.load(filters, winogradFilterBytes * vector + 16 * (2 * i + j))
                return local(i32x4.shrS(i32x4.add(sum, bias), 2))
              }),
            ).flat()
          })
          for (const output of [0, 1, 2, 3]) {
            const results = quarters.map((quarter, vector) =>
              f32x4.mul(f32x4.convertS(quarter[output]!), v128.load(filters, winogradFilterBytes * vector + 64)),
            )
            const places = written.map((at, i) => {
              const below = output < 2 ? at : i32.add(at, given[`row${i}`]!)
              return local(output % 2 === 0 ? below : i32.add(below, given[`pixel${i}`]!))
            })
            writeTail(tail, body, [origin], [results], given.constants!, places)
          }
          advance(from, 16 * width)
          advance(filters, winogradFilterBytes * width)
          advanceAll(
            body,
            written,
            bytesOf.map((bytes) => 4 * bytes * width),
          )
        })
      }
    })
  })
}
