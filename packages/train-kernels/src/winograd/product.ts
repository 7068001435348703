import { type Body, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { nested, times } from '../blocks.js'
import { addOuterProducts } from '../convolution/outer-products.js'
import { bestTile, panelsOf } from '../convolution/tile.js'

/** Matrix products, one for each factor of a tile: sums [tiles, outputs] = factors [tiles, channels] times a kernel's factors [channels, outputs]. */
export interface WinogradProduct {
  readonly products: number
  readonly channels: number
  readonly outputs: number
  /** The most tiles there can be. */
  readonly tiles: number
  /** Bytes from product to product. */
  readonly bytes: { readonly factors: number; readonly kernel: number; readonly sums: number }
}

export interface ProductAddresses {
  readonly factors: Local<'i32'>
  readonly kernel: Local<'i32'>
  readonly sums: Local<'i32'>
}

/** Tiles and vectors of outputs whose sums stay in registers; a kernel's factors are packed in panels as wide. */
export function productTile({ tiles, outputs }: WinogradProduct): { tiles: number; vectors: number } {
  const { columns, vectors } = bestTile(1, tiles, outputs)
  return { tiles: columns, vectors }
}

/** Writes the products over `tiles` > 0 tiles. */
export function multiply(
  body: Body,
  product: WinogradProduct,
  madd: MultiplyAdd,
  tiles: Local<'i32'>,
  at: ProductAddresses,
): void {
  const { local, advance } = body
  const { channels, outputs, bytes } = product
  const tile = productTile(product)
  const factors = local(at.factors, 'productFactors')
  const sums = local(at.sums, 'productSums')
  const panel = local(at.kernel, 'panel')
  const nextProduct = () => {
    advance(factors, bytes.factors)
    advance(sums, bytes.sums)
    advance(panel, bytes.kernel - 4 * channels * outputs)
  }
  nested(body, [[product.products, nextProduct]], () => {
    const panelSums = local(sums, 'panelSums')
    for (const { count, vectors } of panelsOf(outputs, tile.vectors)) {
      const nextPanel = () => {
        advance(panel, 16 * channels * vectors)
        advance(panelSums, 16 * vectors)
      }
      nested(body, [[count, nextPanel]], () => {
        const factor = local(factors, 'factor')
        const sum = local(panelSums, 'sum')
        const left = local(tiles, 'left')
        for (const size of [tile.tiles, 4, 1].filter((size, i) => i === 0 || size < tile.tiles))
          body.loopWhile(
            () => i32.geS(left, size),
            () => {
              multiplyTiles(body, madd, { ...product, size, vectors }, { factors: factor, kernel: panel, sums: sum })
              advance(factor, 4 * size * channels)
              advance(sum, 4 * size * outputs)
              advance(left, -size)
            },
          )
      })
    }
  })
}

function multiplyTiles(
  body: Body,
  madd: MultiplyAdd,
  { size, vectors, channels, outputs }: Record<'size' | 'vectors' | 'channels' | 'outputs', number>,
  at: ProductAddresses,
): void {
  const { local } = body
  const tiles = times(size, () => times(vectors, () => local(v128.zero)))
  const factors = { pointer: local(at.factors), step: 4, offsets: times(size, (t) => 4 * t * channels) }
  addOuterProducts(body, madd, tiles, channels, factors, { pointer: local(at.kernel), step: 16 * vectors })
  for (const [t, tile] of tiles.entries())
    for (const [v, sum] of tile.entries()) body.store(at.sums, sum, 4 * t * outputs + 16 * v)
}
