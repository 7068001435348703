import { type Func, f32x4, type Value, v128 } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import { type Tiled, tiled } from './tiled.js'
import { times } from './times.js'

/**
 * A convolution of floats, with zeros for padding already around the input. The order is part of its meaning: from +0, by ky, kx,
 * channel; product rounded, sum rounded; bias last. (A zero from the padding leaves a sum as it is.) Vectors are of 4 filters.
 */
export interface FloatConvolution extends Tiled {
  readonly kernel: 'float-convolution'
  readonly taps: {
    readonly rows: number
    readonly columns: number
    readonly channels: number
    /** Bytes from one row and column of taps to the next. */
    readonly strides: Strides
  }
}

/** So few products are written out, more make a loop. */
const mostUnrolled = 32

/** Parameters: those of `tiled`; weights by taps, channels and filters. */
export function floatConvolution(spec: FloatConvolution): Func {
  const { rows, columns, channels, strides } = spec.taps
  const positions = rows * columns * channels
  const vector = { filters: 4, weightBytes: 16 * positions, filterBytes: 16 } as const
  return tiled('float-convolution', spec, vector, {}, [], ({ local, repeat, advance }, width, tile) => {
    const sums = tile.offsets.map(() => times(width, () => local(v128.zero, 'sum')))
    const weights = local(tile.weights, 'weights')
    const multiply = (at: Value<'i32'>, offset: number, position: number) => {
      const weight = times(width, (j) => local(v128.load(weights, 16 * (position * width + j))))
      sums.forEach((row, i) => {
        const x = local(v128.load32Splat(at, tile.offsets[i]! + offset))
        row.forEach((sum, j) => {
          sum.set(f32x4.add(sum, f32x4.mul(x, weight[j]!)))
        })
      })
    }
    if (positions <= mostUnrolled) {
      for (let position = 0; position < positions; position++) {
        const tap = Math.floor(position / channels)
        const offset = Math.floor(tap / columns) * strides.row + (tap % columns) * strides.pixel
        multiply(tile.input, offset + 4 * (position % channels), position)
      }
    } else {
      const unroll = [4, 3, 2, 1].find((n) => channels % n === 0)!
      const line = local(tile.input, 'line')
      repeat(rows, () => {
        const tap = local(line, 'tap')
        repeat(columns, () => {
          const at = local(tap, 'channel')
          repeat(channels / unroll, () => {
            for (let i = 0; i < unroll; i++) multiply(at, 4 * i, i)
            advance(at, 4 * unroll)
            advance(weights, 16 * width * unroll)
          })
          advance(tap, strides.pixel)
        })
        advance(line, strides.row)
      })
    }
    return sums.map((row) => row.map((sum, j) => f32x4.add(sum, v128.load(tile.filters, 16 * j))))
  })
}
