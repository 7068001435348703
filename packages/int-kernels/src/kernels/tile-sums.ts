import { type Body, i32x4, type Local, type Value, v128 } from '@lowbit/wasm-emit'
import { type ArithmeticName, arithmetics, widened } from './arithmetic.js'
import type { Strides } from './tail.js'

/** What one output pixel reads: `rows` x `columns` runs of `bytes`, each a whole number of 32-bit lanes, so far apart. */
export interface Taps {
  readonly rows: number
  readonly columns: number
  readonly strides: Strides
  readonly bytes: number
}

/** Pixels and vectors of 4 filters whose sums stay in registers. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
}

export interface TileSums {
  readonly arithmetic: ArithmeticName
  /** Steps along the taps that a sum holds before it must be widened; 0 where it never must. */
  readonly burst: number
  readonly taps: Taps
  /** Bytes from the taps of one pixel to those of the next. */
  readonly pixelBytes: number
}

type Sums = readonly (readonly Local<'v128'>[])[]

/**
 * Writes the sums of one tile: i32, by pixel and vector of filters.
 * @param codes where the taps of the first pixel begin
 * @param panel weights by steps along the taps, then vectors of filters, then filters, then the channels of a lane
 */
export function tileSums(spec: TileSums, body: Body, codes: Value<'i32'>, panel: Value<'i32'>, tile: Tile): Sums {
  const { local, repeat, advance } = body
  const { arithmetic, burst, taps, pixelBytes } = spec
  const { multiply } = arithmetics[arithmetic]
  const steps = taps.bytes / 4
  const line = local(codes, 'line')
  const weights = local(panel, 'weights')

  const zeros = (): Sums => times(tile.pixels, () => times(tile.vectors, () => local(v128.zero, 'sum')))
  const forRuns = (each: (at: Local<'i32'>) => void) =>
    repeat(taps.rows, () => {
      if (taps.columns === 1) each(local(line, 'codes'))
      else {
        const run = local(line, 'run')
        repeat(taps.columns, () => {
          each(local(run, 'codes'))
          advance(run, taps.strides.pixel)
        })
      }
      advance(line, taps.strides.row)
    })
  const run = (sums: Sums, at: Local<'i32'>, count: number) => {
    const unroll = count <= 8 ? count : [4, 3, 2, 1].find((n) => count % n === 0)!
    repeat(count / unroll, () => {
      for (let step = 0; step < unroll; step++) {
        const weight = times(tile.vectors, (j) => local(v128.load(weights, 16 * (step * tile.vectors + j))))
        sums.forEach((row, pixel) => {
          const group = local(v128.load32Splat(at, pixel * pixelBytes + 4 * step))
          row.forEach((sum, j) => {
            multiply(sum, weight[j]!, group)
          })
        })
      }
      advance(at, 4 * unroll)
      advance(weights, 16 * tile.vectors * unroll)
    })
  }

  const sums = zeros()
  if (burst === 0 || steps * taps.rows * taps.columns <= burst) {
    forRuns((at) => {
      run(sums, at, steps)
    })
    if (burst > 0) for (const sum of sums.flat()) sum.set(widened(sum))
    return sums
  }
  const oneBurst = (at: Local<'i32'>, count: number) =>
    repeat(1, () => {
      const narrow = zeros()
      run(narrow, at, count)
      sums.forEach((row, i) => {
        row.forEach((sum, j) => {
          sum.set(i32x4.add(sum, widened(narrow[i]![j]!)))
        })
      })
    })
  const count = Math.ceil(steps / Math.ceil(steps / burst))
  forRuns((at) => {
    repeat(Math.floor(steps / count), () => {
      oneBurst(at, count)
    })
    if (steps % count > 0) oneBurst(at, steps % count)
  })
  return sums
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
