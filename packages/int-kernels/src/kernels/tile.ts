import type { Body } from '@lowbit/wasm-emit'
import type { ArithmeticName } from './arithmetic.js'

/** Pixels and vectors of 4 filters whose sums stay in registers. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
}

/**
 * As many sums as fit the 15 registers that V8 gives away, beside a vector of weights for each of the tile's and one of codes. The
 * accumulating dot product is slow to answer, so that it wants more sums at once than the others do.
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

/** Writes a loop over panels of `tile.vectors` vectors of filters, and a last narrower one where some are left. */
export function forPanels({ repeat }: Body, vectors: number, tile: Tile, panel: (width: number) => void): void {
  const full = Math.floor(vectors / tile.vectors)
  const rest = vectors % tile.vectors
  repeat(full, () => {
    panel(tile.vectors)
  })
  if (rest > 0) panel(rest)
}
