import type { Body } from '@lowbit/wasm-emit'
import type { ArithmeticName } from './arithmetic.js'

/** Pixels and vectors of filters whose sums stay in registers. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
  /** Rows that are cut into tiles as if they were one. */
  readonly together: number
}

/** V8 gives away 15 of x86's 16 vector registers. */
const registers = 15

/** Tiles of several rows are written out one by one: no more of them than this. */
const mostTogether = 10

/** The tile that takes the fewest cycles for an image of so many pixels and vectors of filters. */
export function tileFor(rows: number, columns: number, vectors: number, arithmetic: ArithmeticName): Tile {
  let best: Tile = { pixels: 1, vectors: 1, together: 1 }
  let fewest = Infinity
  for (let width = Math.min(vectors, 7); width >= 1; width--) {
    for (let pixels = Math.min(rows * columns, 6); pixels >= 1; pixels--) {
      // The sums, weights for each vector, codes of one pixel, and a product that is not added at once.
      const needed = pixels * width + width + (arithmetic === 'dot-add' ? 1 : 2)
      if (needed > registers) continue
      for (let together = 1; together <= rows; together++) {
        if (together > 1 && Math.ceil((together * columns) / pixels) > mostTogether) break
        const tile = { pixels, vectors: width, together }
        const cycles = stepCycles(rows, columns, vectors, tile, arithmetic)
        // More code has to be worth it.
        if (cycles < (together > best.together ? 0.95 : 1) * fewest) {
          fewest = cycles
          best = tile
        }
      }
    }
  }
  return best
}

/** About how many cycles a step along the taps takes for all pixels: on x86, which has 2 multipliers and 3 adders of vectors. */
function stepCycles(rows: number, columns: number, vectors: number, tile: Tile, arithmetic: ArithmeticName): number {
  const cycles = (pixels: number, width: number) => {
    const products = pixels * width
    const loads = (pixels + width) / 2
    // An accumulating dot product takes 5 cycles to answer, and the next step waits for it.
    const busy = arithmetic === 'dot-add' ? Math.max(products / 2, loads, 5) : Math.max((2 * products) / 3, loads)
    return busy + loads / 10
  }
  const run = (pixels: number, width: number) =>
    Math.floor(pixels / tile.pixels) * cycles(tile.pixels, width) +
    (pixels % tile.pixels > 0 ? cycles(pixels % tile.pixels, width) : 0)
  const image = (width: number) =>
    Math.floor(rows / tile.together) * run(tile.together * columns, width) +
    run((rows % tile.together) * columns, width)
  const rest = vectors % tile.vectors
  return Math.floor(vectors / tile.vectors) * image(tile.vectors) + (rest > 0 ? image(rest) : 0)
}

/** How many vectors of filters each panel of weights has. */
export function panelWidths(vectors: number, tile: Pick<Tile, 'vectors'>): readonly number[] {
  const full = Math.floor(vectors / tile.vectors)
  const rest = vectors % tile.vectors
  return [...Array<number>(full).fill(tile.vectors), ...(rest > 0 ? [rest] : [])]
}

/** Writes a loop over panels of `tile.vectors` vectors of filters, and a last narrower one where some are left. */
export function forPanels({ repeat }: Body, vectors: number, tile: Tile, panel: (width: number) => void): void {
  const full = Math.floor(vectors / tile.vectors)
  const rest = vectors % tile.vectors
  if (full > 0) {
    repeat(full, () => {
      panel(tile.vectors)
    })
  }
  if (rest > 0) panel(rest)
}
