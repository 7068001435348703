import { type Func, f32x4, i32x4, v128 } from '@lowbit/wasm-emit'
import { type TileSums, tileSums } from './tile-sums.js'
import { type Tiled, tiled } from './tiled.js'
import { offsetOf } from './walk.js'

/**
 * A convolution as a product of matrices that are never laid out: a row of the left one is what the taps of a pixel read where it
 * lies. NHWC, with the padding already around the input. Vectors are of 4 filters.
 */
export interface DirectConvolution extends Tiled, TileSums {
  readonly kernel: 'direct-convolution'
  /** The sums of the codes under each pixel lie in memory (i32), to be multiplied by a number of each filter. */
  readonly windowSums: boolean
}

/** Bytes of a vector of filters: biases (i32), where there are window sums their factors (i32), and scales (f32). */
const filterBytes = (windowSums: boolean): number => (windowSums ? 48 : 32)

/** Parameters beside those of `tiled`: window sums, where there are any. */
export function directConvolution(spec: DirectConvolution): Func {
  const { columns, taps, windowSums } = spec
  const perVector = filterBytes(windowSums)
  const weightBytes = taps.rows * taps.columns * taps.bytes * 4
  const sumStrides = { row: 4 * columns, pixel: 4 }
  const vector = { filters: 4, weightBytes, filterBytes: perVector } as const
  const walked = windowSums ? { windowSums: sumStrides } : {}
  return tiled('direct-convolution', spec, vector, walked, [], (body, width, tile) =>
    tileSums(spec, body, tile.input, tile.offsets, tile.weights, width).map((row, i) =>
      row.map((sum, j) => {
        const number = (at: number) => v128.load(tile.filters, perVector * j + at)
        const corrected = () => {
          const codes = v128.load32Splat(tile.more.windowSums!, offsetOf(tile.pixels[i]!, sumStrides))
          return i32x4.add(sum, i32x4.mul(codes, number(16)))
        }
        const whole = i32x4.add(windowSums ? corrected() : sum, number(0))
        return f32x4.mul(f32x4.convertS(whole), number(perVector - 16))
      }),
    ),
  )
}
