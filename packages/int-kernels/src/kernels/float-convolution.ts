import { type Func, f32x4, v128 } from '@lowbit/wasm-emit'
import { type Taps, tileSums } from './tile-sums.js'
import { type Tiled, tiled } from './tiled.js'

/**
 * A convolution of floats, with zeros for padding already around the input. The order is part of its meaning: from +0, by ky, kx,
 * channel; product rounded, sum rounded; bias last. (A zero from the padding leaves a sum as it is.) Vectors are of 4 filters.
 */
export interface FloatConvolution extends Tiled {
  readonly kernel: 'float-convolution'
  readonly taps: Taps
}

/** Parameters: those of `tiled`; weights by taps, channels and filters. */
export function floatConvolution(spec: FloatConvolution): Func {
  const { taps } = spec
  const vector = { filters: 4, weightBytes: 4 * taps.rows * taps.columns * taps.bytes, filterBytes: 16 } as const
  const sums = { arithmetic: 'float', burst: 0, taps } as const
  return tiled('float-convolution', spec, vector, {}, [], (body, width, tile) =>
    tileSums(sums, body, tile.input, tile.offsets, tile.weights, width).map((row) =>
      row.map((sum, j) => f32x4.add(sum, v128.load(tile.filters, 16 * j))),
    ),
  )
}
