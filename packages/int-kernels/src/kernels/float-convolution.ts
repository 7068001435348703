import { type Func, f32x4, func, type Local, type Value, v128 } from '@lowbit/wasm-emit'
import { channelBytes, parametersWith, type Strides, type Tail, writeTail } from './tail.js'
import { forPanels, type Tile } from './tile.js'
import { advanceAll, offsetOf, type Pixel, walk } from './walk.js'

/**
 * A convolution of floats, with zeros for padding already around the input. The order is part of its meaning: from +0, by ky, kx,
 * channel; product rounded, sum rounded; bias last. (A zero from the padding leaves a sum as it is.)
 */
export interface FloatConvolution {
  readonly kernel: 'float-convolution'
  readonly rows: number
  readonly columns: number
  /** Bytes from the taps of one output row and pixel to the next. */
  readonly input: Strides
  readonly taps: FloatTaps
  /** Vectors of 4 filters. */
  readonly vectors: number
  readonly tile: Tile
  readonly tail: Tail
}

export interface FloatTaps {
  readonly rows: number
  readonly columns: number
  readonly channels: number
  /** Bytes from one row and column of taps to the next. */
  readonly strides: Strides
}

/** Parameters: input (the first tap of the first pixel), weights, biases, constants of the tail, the tail's buffers. */
export function floatConvolution(spec: FloatConvolution): Func {
  const { rows, columns, taps, vectors, tile, tail } = spec
  const bytesOf = channelBytes(tail)
  return func(
    'float-convolution',
    parametersWith(['input', 'weights', 'filters', 'constants'], tail),
    (given, body) => {
      const { local, repeat, advance } = body
      const panelWeights = local(given.weights!, 'panel')
      const biases = local(given.filters!, 'biases')
      const starts = tail.buffers.map((_, i) => local(given[`buffer${i}`]!, `buffer ${i}`))

      const tileSums = (input: Local<'i32'>, pixels: readonly Pixel[], width: number) => {
        const sums = pixels.map(() => times(width, () => local(v128.zero, 'sum')))
        const weights = local(panelWeights, 'weights')
        const multiply = (at: Value<'i32'>, offset: number, position: number) => {
          const weight = times(width, (j) => local(v128.load(weights, 16 * (position * width + j))))
          sums.forEach((row, pixel) => {
            const x = local(v128.load32Splat(at, offsetOf(pixels[pixel]!, spec.input) + offset))
            row.forEach((sum, j) => {
              sum.set(f32x4.add(sum, f32x4.mul(x, weight[j]!)))
            })
          })
        }
        if (taps.rows * taps.columns * taps.channels <= mostUnrolled) {
          for (let position = 0; position < taps.rows * taps.columns * taps.channels; position++) {
            const tap = Math.floor(position / taps.channels)
            const offset = Math.floor(tap / taps.columns) * taps.strides.row + (tap % taps.columns) * taps.strides.pixel
            multiply(input, offset + 4 * (position % taps.channels), position)
          }
          return sums
        }
        const line = local(input, 'line')
        repeat(taps.rows, () => {
          const tap = local(line, 'tap')
          repeat(taps.columns, () => {
            const at = local(tap, 'channel')
            const unroll = [4, 3, 2, 1].find((n) => taps.channels % n === 0)!
            repeat(taps.channels / unroll, () => {
              for (let i = 0; i < unroll; i++) multiply(at, 4 * i, i)
              advance(at, 4 * unroll)
              advance(weights, 16 * width * unroll)
            })
            advance(tap, taps.strides.pixel)
          })
          advance(line, taps.strides.row)
        })
        return sums
      }

      const panel = (width: number) => {
        const images = [
          { start: given.input!, ...spec.input },
          ...tail.buffers.map((strides, i) => ({ start: starts[i]!, ...strides })),
        ]
        walk(body, { rows, columns, ...tile }, images, (pixels, [input, ...written]) => {
          const results = tileSums(input!, pixels, width).map((row) =>
            row.map((sum, j) => f32x4.add(sum, v128.load(biases, 16 * j))),
          )
          writeTail(tail, body, pixels, results, given.constants!, written)
        })
        advance(panelWeights, taps.rows * taps.columns * taps.channels * 16 * width)
        advance(biases, 16 * width)
        advanceAll(
          body,
          starts,
          bytesOf.map((bytes) => 4 * bytes * width),
        )
      }

      forPanels(body, vectors, tile, panel)
    },
  )
}

/** So few products are written out, more make a loop. */
const mostUnrolled = 32

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
