import { func } from '@lowbit/wasm-emit'
import { type TileSums, tileSums } from './tile-sums.js'
import { times } from './times.js'

/** A product of matrices of so many channels and filters, in tiles of so many pixels and vectors. */
export interface WinogradProduct extends Pick<TileSums, 'arithmetic' | 'burst'> {
  readonly part: 'winograd-product'
  /** Of a pixel's codes. */
  readonly pixelBytes: number
  /** Of a pixel's sums. */
  readonly rowBytes: number
  readonly pixels: number
  readonly vectors: number
}

const parameters = { codes: 'i32', weights: 'i32', sums: 'i32', panels: 'i32', tiles: 'i32' } as const

/** sums[pixel, filter] = codes[pixel, channel] x weights, in so many panels of a tile's vectors and tiles of its pixels. */
export function winogradProduct({ part, arithmetic, burst, pixelBytes, rowBytes, pixels, vectors }: WinogradProduct) {
  const taps = { rows: 1, columns: 1, strides: { row: 0, pixel: 0 }, bytes: pixelBytes }
  const offsets = times(pixels, (i) => i * pixelBytes)
  return func(part, parameters, (given, body) => {
    const { local, repeat, advance, store } = body
    const { weights: panel, sums: column } = given
    repeat(given.panels, () => {
      const codes = local(given.codes, 'codes')
      const place = local(column, 'sums')
      repeat(given.tiles, () => {
        tileSums({ arithmetic, burst, taps }, body, codes, offsets, panel, vectors).forEach((sums, pixel) => {
          sums.forEach((sum, j) => {
            store(place, sum, pixel * rowBytes + 16 * j)
          })
        })
        advance(codes, pixels * pixelBytes)
        advance(place, pixels * rowBytes)
      })
      advance(panel, pixelBytes * 4 * vectors)
      advance(column, 16 * vectors)
    })
  })
}
