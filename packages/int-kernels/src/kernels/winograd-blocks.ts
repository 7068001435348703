import { i32 } from '@lowbit/wasm-emit'
import { type ArithmeticName, arithmetics } from './arithmetic.js'
import type { Strides } from './strides.js'
import type { Tail } from './tail.js'
import type { Tile } from './tile.js'

/**
 * A 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3), exact in integers: 16 products of matrices give each 2x2 tile of
 * outputs with 16 products where 36 would be. With G doubled, so that it is whole, it yields 4 times the sums.
 * Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2015.
 */
export interface WinogradConvolution {
  readonly kernel: 'winograd-convolution'
  readonly arithmetic: ArithmeticName
  /** For each of the 16 products, steps that a sum holds before it is widened; 0 where it never has to be. */
  readonly bursts: readonly number[]
  /** Pixels of the output, at least 2 x 2. */
  readonly rows: number
  readonly columns: number
  /** Rows of tiles that are computed together. */
  readonly blockRows: number
  /** Of the input. */
  readonly input: Strides
  /** A multiple of the channels in a vector of the transformed input: 16 bytes or 8 i16. */
  readonly channels: number
  readonly largestCode: number
  /** Vectors of 4 filters. */
  readonly vectors: number
  /** Bytes from one of the 16 matrices of weights to the next. */
  readonly matrixBytes: number
  readonly tile: Tile
  readonly tail: Tail
}

/** Tiles side by side. The last one overlaps its neighbour where the outputs are odd in number. */
export const tilesAlong = (outputs: number): number => Math.ceil(outputs / 2)

/** Bytes of one of the 16 matrices of a block: of its transformed input, and of its products. */
export function planeBytes({ blockRows, columns, channels, arithmetic, vectors }: WinogradConvolution) {
  const tiles = blockRows * tilesAlong(columns)
  return {
    transformed: oddLines(tiles * channels * arithmetics[arithmetic].bytes),
    products: oddLines(tiles * 16 * vectors),
  }
}

/** An odd number of cache lines: 16 matrices that lie so far apart do not compete for the same places of a cache. */
function oddLines(bytes: number): number {
  const lines = Math.ceil(bytes / 64)
  return 64 * (lines + 1 - (lines % 2))
}

/** Where a tile begins: 2 outputs after the one before it, but the last never beyond the end. */
export function clampedTo(outputs: number, tile: Parameters<typeof i32.mul>[0]) {
  return i32.sub(i32.mul(tile, 2), outputs % 2 === 0 ? 0 : i32.eq(tile, tilesAlong(outputs) - 1))
}
