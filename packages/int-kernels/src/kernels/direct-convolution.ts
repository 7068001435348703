import { type Func, f32x4, func, i32x4, v128 } from '@lowbit/wasm-emit'
import type { ArithmeticName } from './arithmetic.js'
import { channelBytes, parametersWith, type Strides, type Tail, writeTail } from './tail.js'
import { type Tile, type TileSums, tileSums } from './tile-sums.js'
import { advanceAll, walk } from './walk.js'

/**
 * A convolution as a product of matrices that are never laid out: a row of the left one is what the taps of a pixel read where it
 * lies. NHWC, with the padding already around the input.
 */
export interface DirectConvolution extends TileSums {
  readonly kernel: 'direct-convolution'
  /** Pixels of the output. */
  readonly rows: number
  readonly columns: number
  /** Bytes from the taps of one output row to those of the next. */
  readonly rowBytes: number
  /** Vectors of 4 filters. */
  readonly vectors: number
  readonly tile: Tile
  /** The sums of the codes under each pixel lie in memory (i32), to be multiplied by a number of each filter. */
  readonly windowSums: boolean
  readonly tail: Tail
}

/**
 * As many sums as fit 16 registers beside the weights and codes in use. The accumulating dot product is slow to answer, so that it
 * wants more of them at once than the others do.
 */
export function tileFor(columns: number, vectors: number, arithmetic: ArithmeticName): Tile {
  const most = arithmetic === 'dot-add' ? 6 : 4
  // Tiles of about one size: 7 pixels as 4 and 3, not as 6 and 1.
  const pixels = Math.ceil(columns / Math.ceil(columns / most))
  const widest = [6, 4, 3, 2, 2, 2][pixels - 1]!
  return { pixels, vectors: Math.min(widest, vectors) }
}

/** How many vectors of filters each panel of weights has. */
export function panelWidths(vectors: number, tile: Tile): readonly number[] {
  const full = Math.floor(vectors / tile.vectors)
  const rest = vectors % tile.vectors
  return [...Array<number>(full).fill(tile.vectors), ...(rest > 0 ? [rest] : [])]
}

/** Bytes of a vector of filters: biases (i32), scales (f32), and where there are window sums their factors (i32). */
export const filterBytes = (windowSums: boolean): number => (windowSums ? 48 : 32)

/** Parameters: input (the first tap of the first pixel), weights, filters, constants of the tail, window sums, the tail's buffers. */
export function directConvolution(spec: DirectConvolution): Func {
  const { rows, columns, rowBytes, pixelBytes, taps, vectors, tile, tail, windowSums } = spec
  const perVector = filterBytes(windowSums)
  const bytesOf = channelBytes(tail)
  const sumStrides: Strides = { row: 4 * columns, pixel: 4 }
  return func(
    'direct-convolution',
    parametersWith(['input', 'weights', 'filters', 'constants', 'windowSums'], tail),
    (given, body) => {
      const { local, repeat, advance } = body
      const weights = local(given.weights!, 'panel')
      const filters = local(given.filters!, 'filters')
      const starts = tail.buffers.map((_, i) => local(given[`buffer${i}`]!, `buffer ${i}`))

      const panel = (width: number) => {
        const images = [
          { start: given.input!, row: rowBytes, pixel: pixelBytes },
          { start: given.windowSums!, ...(windowSums ? sumStrides : { row: 0, pixel: 0 }) },
          ...tail.buffers.map((strides, i) => ({ start: starts[i]!, ...strides })),
        ]
        walk(body, { rows, columns, pixels: tile.pixels }, images, (pixels, [input, sumsAt, ...written]) => {
          const sums = tileSums(spec, body, input!, weights, { pixels, vectors: width })
          sums.forEach((row, i) => {
            const results = row.map((sum, j) => {
              const [bias, scale, factor] = [0, 16, 32].map((at) => v128.load(filters, perVector * j + at))
              const corrected = windowSums ? i32x4.add(sum, i32x4.mul(v128.load32Splat(sumsAt!, 4 * i), factor!)) : sum
              return f32x4.mul(f32x4.convertS(i32x4.add(corrected, bias!)), scale!)
            })
            writeTail(tail, body, results, given.constants!, written, i)
          })
        })
        advance(weights, taps.rows * taps.columns * taps.bytes * 4 * width)
        advance(filters, perVector * width)
        advanceAll(
          body,
          starts,
          bytesOf.map((bytes) => 4 * bytes * width),
        )
      }

      const widths = panelWidths(vectors, tile)
      const full = widths.filter((width) => width === tile.vectors).length
      repeat(full, () => {
        panel(tile.vectors)
      })
      if (widths.length > full) panel(widths.at(-1)!)
    },
  )
}
