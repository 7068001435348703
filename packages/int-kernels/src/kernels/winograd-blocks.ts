import { type Body, i32, type Local, type Value } from '@lowbit/wasm-emit'
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
  /** Steps that a sum of products holds before it is widened; 0 where it never has to be. */
  readonly burst: number
  /** Pixels of the output, at least 2 x 2. */
  readonly rows: number
  readonly columns: number
  /** Rows of tiles that are computed together. */
  readonly blockRows: number
  /** Of the input. */
  readonly input: Strides
  /** A multiple of the channels in a vector of the transformed input: 16 bytes or 8 i16. */
  readonly channels: number
  /** What is added to each of the 16 numbers of a transformed window but one, so that none is negative; 0 where they have signs. */
  readonly raised: number
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
    transformed: planeFor(tiles * channels * arithmetics[arithmetic].bytes, 4096),
    products: planeFor(tiles * 16 * vectors, 16384),
  }
}

/**
 * How far matrices lie from each other: for most layers the same, so that they share code, for larger ones 2, 4, ... times as far. An
 * odd number of cache lines, so that 16 of them do not compete for the same places of a cache.
 */
const planeFor = (bytes: number, least: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, least))) + 64

/** Parameters that say which tiles a block has, and where the last tile of an image begins. */
export const tileParameters = ['firstRow', 'tileRows', 'lastRow', 'tileColumns', 'lastColumn'] as const

/**
 * Writes a loop over the tiles of a block. Each begins 2 outputs after the one before it, the last no further than it may.
 * @param line given the row in which a row of tiles begins, gives what writes a tile, given its column
 */
export function forTiles(
  { local, when, forRange }: Body,
  given: Readonly<Record<string, Value<'i32'>>>,
  line: (y: Local<'i32'>) => (x: Local<'i32'>) => void,
): void {
  const along = (tile: Value<'i32'>, last: Value<'i32'>) => {
    const place = local(i32.mul(tile, 2))
    when(i32.gtS(place, last), () => place.set(last))
    return place
  }
  forRange(0, given.tileRows!, (row) => {
    const tile = line(along(i32.add(given.firstRow!, row), given.lastRow!))
    forRange(0, given.tileColumns!, (column) => tile(along(column, given.lastColumn!)))
  })
}
