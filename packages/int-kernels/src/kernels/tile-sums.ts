import { type Body, i32x4, type Local, type Value, v128 } from '@lowbit/wasm-emit'
import { type ArithmeticName, arithmetics, widened } from './arithmetic.js'
import type { Strides } from './strides.js'
import { times } from './times.js'

/** What one output pixel reads: `rows` x `columns` runs of `bytes`, each a whole number of 32-bit lanes, so far apart. */
export interface Taps {
  readonly rows: number
  readonly columns: number
  readonly strides: Strides
  readonly bytes: number
}

export interface TileSums {
  readonly arithmetic: ArithmeticName
  /** Steps along the taps that a sum holds before it must be widened; 0 where it never must. */
  readonly burst: number
  readonly taps: Taps
}

type Sums = Local<'v128'>[][]

/**
 * Writes the sums of one tile: i32, by pixel and vector of filters.
 * @param codes where the tile begins, from which `offsets` of its pixels' taps are counted
 * @param panel weights by steps along the taps, then vectors of filters, then filters, then the channels of a lane
 */
export function tileSums(
  { arithmetic, burst, taps }: TileSums,
  body: Body,
  codes: Value<'i32'>,
  offsets: readonly number[],
  panel: Value<'i32'>,
  vectors: number,
): Sums {
  const { local, repeat, advance } = body
  const { multiply } = arithmetics[arithmetic]
  const steps = taps.bytes / 4
  const line = local(codes, 'line')
  const weights = local(panel, 'weights')

  const forSums = (sums: Sums, each: (sum: Local<'v128'>, pixel: number, vector: number) => void) => {
    sums.forEach((row, pixel) => {
      row.forEach((sum, vector) => {
        each(sum, pixel, vector)
      })
    })
  }
  const zeros = (): Sums => offsets.map(() => times(vectors, () => local(v128.zero, 'sum')))
  /** Products of a step, added to sums, or as the first ones of new sums. */
  const step = (index: number, at: Local<'i32'>, sums?: Sums): Sums => {
    const weight = times(vectors, (j) => local(v128.load(weights, 16 * (index * vectors + j))))
    return offsets.map((offset, pixel) => {
      const group = local(v128.load32Splat(at, offset + 4 * index))
      return times(vectors, (j) => {
        const sum = sums?.[pixel]?.[j]
        const product = multiply(weight[j]!, group, sum)
        if (sum === undefined) return local(product, 'sum')
        sum.set(product)
        return sum
      })
    })
  }
  const onward = (at: Local<'i32'>, count: number) => {
    advance(at, 4 * count)
    advance(weights, 16 * vectors * count)
  }
  const run = (at: Local<'i32'>, count: number, sums: Sums) => {
    const unroll = count <= 8 ? count : [4, 3, 2, 1].find((n) => count % n === 0)!
    repeat(count / unroll, () => {
      for (let index = 0; index < unroll; index++) step(index, at, sums)
      onward(at, unroll)
    })
  }
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

  const sums = zeros()
  if (burst === 0 || steps * taps.rows * taps.columns <= burst) {
    forRuns((at) => {
      run(at, steps, sums)
    })
    if (burst > 0) forSums(sums, (sum) => sum.set(widened(sum)))
    return sums
  }
  const oneBurst = (at: Local<'i32'>, count: number) =>
    repeat(1, () => {
      const narrow = step(0, at)
      onward(at, 1)
      if (count > 1) run(at, count - 1, narrow)
      forSums(sums, (sum, pixel, vector) => sum.set(i32x4.add(sum, widened(narrow[pixel]![vector]!))))
    })
  const count = evenBurst(steps, burst)
  forRuns((at) => {
    repeat(Math.floor(steps / count), () => {
      oneBurst(at, count)
    })
    if (steps % count > 0) oneBurst(at, steps % count)
  })
  return sums
}

/** How many of `steps` to take at a time, at most `most`, so that none is left with few. */
export const evenBurst = (steps: number, most: number): number => Math.ceil(steps / Math.ceil(steps / most))
