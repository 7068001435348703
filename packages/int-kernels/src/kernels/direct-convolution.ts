import { type Func, f32x4, func, i32x4, v128 } from '@lowbit/wasm-emit'
import { channelBytes, parametersWith, type Strides, type Tail, writeTail } from './tail.js'
import { forPanels, type Tile } from './tile.js'
import { type TileSums, tileSums } from './tile-sums.js'
import { advanceAll, offsetOf, walk } from './walk.js'

/**
 * A convolution as a product of matrices that are never laid out: a row of the left one is what the taps of a pixel read where it
 * lies. NHWC, with the padding already around the input.
 */
export interface DirectConvolution extends TileSums {
  readonly kernel: 'direct-convolution'
  /** Pixels of the output. */
  readonly rows: number
  readonly columns: number
  /** Bytes from the taps of one output row and pixel to those of the next. */
  readonly rowBytes: number
  readonly pixelBytes: number
  /** Vectors of 4 filters. */
  readonly vectors: number
  readonly tile: Tile
  /** The sums of the codes under each pixel lie in memory (i32), to be multiplied by a number of each filter. */
  readonly windowSums: boolean
  readonly tail: Tail
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
      const { local, advance } = body
      const weights = local(given.weights!, 'panel')
      const filters = local(given.filters!, 'filters')
      const starts = tail.buffers.map((_, i) => local(given[`buffer${i}`]!, `buffer ${i}`))

      const panel = (width: number) => {
        const images = [
          { start: given.input!, row: rowBytes, pixel: pixelBytes },
          { start: given.windowSums!, ...(windowSums ? sumStrides : { row: 0, pixel: 0 }) },
          ...tail.buffers.map((strides, i) => ({ start: starts[i]!, ...strides })),
        ]
        walk(body, { rows, columns, ...tile }, images, (pixels, [input, sumsAt, ...written]) => {
          const offsets = pixels.map((pixel) => offsetOf(pixel, images[0]!))
          const sums = tileSums(spec, body, input!, offsets, weights, width)
          const results = sums.map((row, pixel) =>
            row.map((sum, j) => {
              const [bias, scale, factor] = [0, 16, 32].map((at) => v128.load(filters, perVector * j + at))
              const codes = v128.load32Splat(sumsAt!, offsetOf(pixels[pixel]!, images[1]!))
              const corrected = windowSums ? i32x4.add(sum, i32x4.mul(codes, factor!)) : sum
              return f32x4.mul(f32x4.convertS(i32x4.add(corrected, bias!)), scale!)
            }),
          )
          writeTail(tail, body, pixels, results, given.constants!, written)
        })
        advance(weights, taps.rows * taps.columns * taps.bytes * 4 * width)
        advance(filters, perVector * width)
        advanceAll(
          body,
          starts,
          bytesOf.map((bytes) => 4 * bytes * width),
        )
      }

      forPanels(body, vectors, tile, panel)
    },
  )
}
