import { func, i16x8, i32, i32x4, type Local, type Value, v128 } from '@lowbit/wasm-emit'
import type { WeightCodes } from '../format/index.js'
import type { Extremes } from '../kernels/choose-kernel.js'
import { memoryOf, smallKernel } from '../small-kernel.js'

/** The weights of a convolution as signed numbers: code less zero point, -255..255. */
export interface IntegerWeights extends Extremes {
  readonly rows: number
  readonly columns: number
  /** Channels that one filter reads. */
  readonly channels: number
  readonly filters: number
  /** [rows, columns, channels, filters]. */
  readonly values: Int16Array
  /** Of each filter. */
  readonly zeros: Int16Array
  /** Sums over the channels: [rows, columns, filters]. */
  readonly tapSums: Int32Array
  /** Of the sizes of each filter's weights, modulo 2^32. */
  readonly absoluteSums: Uint32Array
}

/** @param shape [rows, columns, channels, filters]: a dense layer's inputs may be read as an image */
export function integerWeights(
  { codes, levels, zeroPoint }: WeightCodes,
  shape: readonly [number, number, number, number],
): IntegerWeights {
  const [rows, columns, channels, filters] = shape
  const taps = rows * columns
  const size = channels * filters
  const zeros = Int16Array.from({ length: filters }, (_, filter) => zeroPoint[filter % zeroPoint.length]!)
  const sumBytes = 32 * Math.ceil(filters / 8)
  const { memory, addresses } = memoryOf([codes.length, 2 * filters, 2 * codes.length, sumBytes, sumBytes])
  const [codesAt, zerosAt, valuesAt, sizesAt, sumsAt] = addresses as [number, number, number, number, number]
  const { buffer } = memory
  new Uint8Array(buffer).set(codes, codesAt)
  new Int16Array(buffer, zerosAt).set(zeros)
  const run = subtract(memory)
  const sums = new Int32Array(buffer, sumsAt, filters)
  const tapSums = new Int32Array(taps * filters)
  for (let tap = 0; tap < taps; tap++) {
    sums.fill(0)
    run(codesAt + size * tap, zerosAt, valuesAt + 2 * size * tap, sumsAt, sizesAt, channels, filters)
    tapSums.set(sums, tap * filters)
  }
  return {
    rows,
    columns,
    channels,
    filters,
    values: new Int16Array(buffer, valuesAt, codes.length),
    zeros,
    tapSums,
    absoluteSums: new Uint32Array(buffer, sizesAt, filters),
    smallest: -Math.max(...zeros),
    largest: levels - 1 - Math.min(...zeros),
  }
}

/**
 * Subtracts zero points (i16) from rows of codes, and adds what is left, and its sizes, to sums over the rows (i32). It takes 8
 * filters of a row at a time: what the last 8 write beyond the row, the next row overwrites.
 */
const subtract = smallKernel(() =>
  func(
    'integer-weights',
    { codes: 'i32', zeros: 'i32', values: 'i32', sums: 'i32', sizes: 'i32', rows: 'i32', filters: 'i32' },
    ({ codes, zeros, values, sums, sizes, rows, filters }, { local, repeat, forRange, advance, store }) => {
      repeat(rows, () => {
        forRange(
          0,
          filters,
          (first) => {
            const twice = local(i32.shl(first, 1))
            const value = local(i16x8.sub(v128.load8x8U(i32.add(codes, first)), v128.load(i32.add(zeros, twice))))
            store(i32.add(values, twice), value)
            const addTo = (all: Local<'i32'>, added: Value<'v128'>) => {
              const sum = local(i32.add(all, i32.shl(first, 2)))
              store(sum, i32x4.add(v128.load(sum), i32x4.extendLowS(added)))
              store(sum, i32x4.add(v128.load(sum, 16), i32x4.extendHighS(added)), 16)
            }
            addTo(sums, value)
            addTo(sizes, i16x8.abs(value))
          },
          8,
        )
        advance(codes, filters)
        advance(values, i32.shl(filters, 1))
      })
    },
  ),
)
