import { f32x4, func, i32, i32x4, type V128, v128 } from '@lowbit/wasm-emit'
import { channelBytes, parametersWith, writeTail } from './tail.js'
import { times } from './times.js'
import { advanceAll } from './walk.js'
import { clampedTo, planeBytes, tilesAlong, type WinogradConvolution } from './winograd-blocks.js'

/** Of a vector of filters: biases (i32) of the 4 outputs of a tile, then scales (f32). */
const winogradFilterBytes = 80

/**
 * Transforms the products of a block back: of each 4x4 products m the 2x2 sums Aᵀ m A, which are 4 times those of the
 * convolution; adds 4 times the bias, divides by 4, and carries the tail out.
 *
 *     Aᵀ = [1 1 1 0; 0 1 -1 -1]
 */
export function winogradOutput(spec: WinogradConvolution) {
  const { rows, columns, blockRows, vectors, tail } = spec
  const plane = planeBytes(spec).products
  const bytesOf = channelBytes(tail)
  // Vectors at a time, so that the codes of up to 16 filters are written at once.
  const width = [4, 2, 1].find((n) => vectors % n === 0)!
  return func('winograd-output', parametersWith(['sums', 'filters', 'constants', 'first'], tail), (given, body) => {
    const { local, repeat, forRange, advance } = body
    const from = local(given.sums!, 'from')
    const transform = ([a, b, c, d]: readonly V128[]): V128[] => [
      i32x4.add(i32x4.add(a!, b!), c!),
      i32x4.sub(i32x4.sub(b!, c!), d!),
    ]
    forRange(0, blockRows, (tileRow) => {
      const y = local(clampedTo(rows, i32.add(given.first!, tileRow)), 'y')
      forRange(0, tilesAlong(columns), (tileColumn) => {
        const x = local(clampedTo(columns, tileColumn), 'x')
        const written = tail.buffers.map(({ row, pixel }, i) =>
          local(i32.add(given[`buffer${i}`]!, i32.add(i32.mul(y, row), i32.mul(x, pixel))), 'written'),
        )
        const filters = local(given.filters!, 'filters')
        repeat(vectors / width, () => {
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
            )
          })
          for (const i of [0, 1]) {
            const pointers =
              i === 0 ? written : written.map((at, b) => local(i32.add(at, tail.buffers[b]!.row), 'below'))
            const results = times(2, (j) =>
              quarters.map((quarter, vector) =>
                f32x4.mul(f32x4.convertS(quarter[i]![j]!), v128.load(filters, winogradFilterBytes * vector + 64)),
              ),
            )
            writeTail(tail, body, pair, results, given.constants!, pointers)
          }
          advance(from, 16 * width)
          advance(filters, winogradFilterBytes * width)
          advanceAll(
            body,
            written,
            bytesOf.map((bytes) => 4 * bytes * width),
          )
        })
      })
    })
  })
}

/** The outputs of a tile's row. */
const pair = [
  { row: 0, column: 0 },
  { row: 0, column: 1 },
]
