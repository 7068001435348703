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

/** What a product that is written out has to save, as a part of all cycles: code takes time to write and to compile. */
const worthOfProduct = 0.001

/** The tile that takes the fewest cycles for an image of so many pixels and vectors of filters, with as little code as does. */
export function tileFor(rows: number, columns: number, vectors: number, arithmetic: ArithmeticName): Tile {
  let best: Tile = { pixels: 1, vectors: 1, together: 1 }
  let least = Infinity
  for (let width = Math.min(vectors, 7); width >= 1; width--) {
    for (let pixels = Math.min(rows * columns, 6); pixels >= 1; pixels--) {
      // The sums, weights for each vector, codes of one pixel, and a product that is not added at once.
      const needed = pixels * width + width + (arithmetic === 'dot-add' ? 1 : 2)
      if (needed > registers) continue
      for (let together = 1; together <= rows; together++) {
        if (together > 1 && Math.ceil((together * columns) / pixels) > mostTogether) break
        const tile = { pixels, vectors: width, together }
        const cost = costOf(rows, columns, vectors, tile, arithmetic)
        if (cost < least) {
          least = cost
          best = tile
        }
      }
    }
  }
  return best
}

/** Cycles that a step along the taps takes for all pixels, and what the code for it is worth. */
function costOf(rows: number, columns: number, vectors: number, tile: Tile, arithmetic: ArithmeticName): number {
  let cycles = 0
  let written = 0
  for (const [panels, width] of parts(vectors, tile.vectors)) {
    for (const [strips, height] of parts(rows, tile.together)) {
      for (const [count, pixels] of parts(height * columns, tile.pixels)) {
        cycles += panels * strips * count * tileCycles(pixels, width, arithmetic)
        written += (height === 1 ? 1 : count) * pixels * width
      }
    }
  }
  return cycles * (1 + worthOfProduct * written)
}

/** A whole as parts of a size, and what is left: how many of each, and of which size. */
export function parts(whole: number, size: number): (readonly [count: number, size: number])[] {
  const rest = whole % size
  const all = [[(whole - rest) / size, size] as const, [1, rest] as const]
  return all.filter(([count, size]) => count * size > 0)
}

/** About how many cycles a step along the taps takes: on x86, which has 2 multipliers and 3 adders of vectors. */
function tileCycles(pixels: number, width: number, arithmetic: ArithmeticName): number {
  const products = pixels * width
  const loads = (pixels + width) / 2
  // An accumulating dot product takes 5 cycles to answer, and the next step waits for it.
  const busy = arithmetic === 'dot-add' ? Math.max(products / 2, loads, 5) : Math.max((2 * products) / 3, loads)
  return busy + loads / 10
}

/** How many vectors of filters each panel of weights has. */
export function panelWidths(vectors: number, tile: Pick<Tile, 'vectors'>): readonly number[] {
  return parts(vectors, tile.vectors).flatMap(([count, width]) => Array<number>(count).fill(width))
}
