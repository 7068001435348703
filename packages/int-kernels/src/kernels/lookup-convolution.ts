import {
  type Body,
  type Func,
  f32x4,
  func,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  type V128,
  v128,
} from '@lowbit/wasm-emit'
import { evenBurst, type Taps } from './tile-sums.js'
import { type TileAt, type Tiled, tiled } from './tiled.js'
import { times } from './times.js'

/**
 * A convolution of codes and weights of up to 4 values each, without multiplying: a pair of codes names one of 16 tables, and a
 * pair of weights one of its 16 entries, which is the sum of the two products, raised to be 0 or more. One instruction looks up
 * such pairs of 16 filters. Vectors are of 16 filters; the input holds the tables' offsets, two bytes for two channels.
 */
export interface LookupConvolution extends Tiled {
  readonly kernel: 'lookup-convolution'
  /** Whether the engine has the look-up that leaves open what indices above 15 do. */
  readonly relaxed: boolean
  readonly taps: Taps
  /** Pairs along the taps whose entries fit a byte together. */
  readonly burst: number
}

/** Bytes of a vector of 16 filters: biases (i32), then scales (f32). */
const lookupFilterBytes = 128

/** Parameters beside those of `tiled`: tables. Weights are indices of entries. */
export function lookupConvolution(spec: LookupConvolution): Func {
  const { taps } = spec
  const weightBytes = taps.rows * taps.columns * taps.bytes * 8
  const vector = { filters: 16, weightBytes, filterBytes: lookupFilterBytes } as const
  return tiled('lookup-convolution', spec, vector, {}, ['tables'], (body, width, tile) =>
    pairSums(spec, body, width, tile).map((row) =>
      row.flatMap(wholeSums).map((sum, j) => {
        const at = lookupFilterBytes * Math.floor(j / 4) + 16 * (j % 4)
        const whole = i32x4.add(sum, v128.load(tile.filters, at))
        return f32x4.mul(f32x4.convertS(whole), v128.load(tile.filters, at + 64))
      }),
    ),
  )
}

/** Sums of 16 filters, as u16: the lower 8 and the upper 8. */
type Halves = readonly [Local<'v128'>, Local<'v128'>]

function pairSums(
  { taps, burst, relaxed }: LookupConvolution,
  body: Body,
  vectors: number,
  { input, offsets, weights: panel, more: { tables } }: TileAt,
): Halves[][] {
  const { local, repeat, advance } = body
  const lookUp = relaxed ? i8x16.relaxedSwizzle : i8x16.swizzle
  const pairs = taps.bytes / 2
  const weights = local(panel, 'weights')
  const line = local(input, 'line')
  const wide = offsets.map(() => times(vectors, (): Halves => [local(v128.zero), local(v128.zero)]))

  /** Entries of `count` pairs, summed in bytes and then widened. */
  const oneBurst = (at: Local<'i32'>, count: number) =>
    repeat(1, () => {
      const sums: Local<'v128'>[][] = offsets.map(() => [])
      for (let pair = 0; pair < count; pair++) {
        const indices = times(vectors, (j) => local(v128.load(weights, 16 * (pair * vectors + j))))
        offsets.forEach((offset, pixel) => {
          const table = local(v128.load(i32.add(tables!, i32.load16U(at, offset + 2 * pair))), 'table')
          indices.forEach((index, j) => {
            const entries = lookUp(table, index)
            const sum = sums[pixel]![j]
            if (sum) sum.set(i8x16.add(sum, entries))
            else sums[pixel]![j] = local(entries, 'sum')
          })
        })
      }
      advance(at, 2 * count)
      advance(weights, 16 * vectors * count)
      wide.forEach((row, pixel) => {
        row.forEach(([low, high], j) => {
          const sum = sums[pixel]![j]!
          low.set(i16x8.add(low, i16x8.extendLowU(sum)))
          high.set(i16x8.add(high, i16x8.extendHighU(sum)))
        })
      })
    })

  const count = evenBurst(pairs, burst)
  repeat(taps.rows, () => {
    const run = local(line, 'run')
    repeat(taps.columns, () => {
      const at = local(run, 'offsets')
      repeat(Math.floor(pairs / count), () => {
        oneBurst(at, count)
      })
      if (pairs % count > 0) oneBurst(at, pairs % count)
      advance(run, taps.strides.pixel)
    })
    advance(line, taps.strides.row)
  })
  return wide
}

const wholeSums = ([low, high]: Halves): V128[] => [
  i32x4.extendLowU(low),
  i32x4.extendHighU(low),
  i32x4.extendLowU(high),
  i32x4.extendHighU(high),
]

/** The offsets of the tables that pairs of codes name: codes side by side become 16 times the first and 64 times the second. */
export interface TableOffsets {
  readonly kernel: 'table-offsets'
  /** A multiple of 16. */
  readonly bytes: number
}

/** Parameters: input, output. Of bytes that are no codes 0..3, two bits count. */
export function tableOffsets({ bytes }: TableOffsets): Func {
  return func(
    'table-offsets',
    { input: 'i32', output: 'i32' },
    ({ input, output }, { local, repeat, advance, store }) => {
      const from = local(input, 'from')
      const to = local(output, 'to')
      repeat(bytes / 16, () => {
        const codes = local(v128.load(from))
        const first = i16x8.shl(v128.and(codes, i16x8.splat(3)), 4)
        const second = v128.and(i16x8.shrU(codes, 2), i16x8.splat(0xc0))
        store(to, v128.or(first, second))
        advance(from, 16)
        advance(to, 16)
      })
    },
  )
}
