import type { Body } from '@lowbit/wasm-emit'
import type { ArithmeticName } from './arithmetic.js'

/** Pixels and vectors of 4 filters whose sums stay in registers. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
}

/** V8 gives away 15 of x86's 16 vector registers. */
const registers = 15

/** The tile that takes the fewest cycles for rows of so many pixels and so many vectors of filters. */
export function tileFor(columns: number, vectors: number, arithmetic: ArithmeticName): Tile {
  let best = { pixels: 1, vectors: 1 }
  let fewest = Infinity
  for (let width = Math.min(vectors, 7); width >= 1; width--) {
    for (let pixels = Math.min(columns, 6); pixels >= 1; pixels--) {
      // The sums, weights for each vector, and codes of one pixel.
      if (pixels * width + width + 1 > registers) continue
      const cycles = stepCycles(columns, vectors, { pixels, vectors: width }, arithmetic)
      if (cycles < fewest) {
        fewest = cycles
        best = { pixels, vectors: width }
      }
    }
  }
  return best
}

/** About how many cycles a step along the taps takes for a whole row: on x86, which has 2 multipliers and 3 adders of vectors. */
function stepCycles(columns: number, vectors: number, tile: Tile, arithmetic: ArithmeticName): number {
  const cycles = (pixels: number, width: number) => {
    const products = pixels * width
    const loads = (pixels + width) / 2
    // An accumulating dot product takes 5 cycles to answer, and the next step waits for it.
    const busy = arithmetic === 'dot-add' ? Math.max(products / 2, loads, 5) : Math.max((2 * products) / 3, loads)
    return busy + loads / 10
  }
  const row = (width: number) =>
    Math.floor(columns / tile.pixels) * cycles(tile.pixels, width) +
    (columns % tile.pixels > 0 ? cycles(columns % tile.pixels, width) : 0)
  return panelWidths(vectors, tile).reduce((sum, width) => sum + row(width), 0)
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
