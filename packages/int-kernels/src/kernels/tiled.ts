import { type Body, type Func, func, type Local, type V128 } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import { channelBytes, parametersWith, type Tail, writeTail } from './tail.js'
import { parts, type Tile } from './tile.js'
import { advanceAll, offsetOf, type Pixel, walk } from './walk.js'

/** What kernels that compute tiles of pixels and filters have in common. */
export interface Tiled {
  /** Pixels of the output. */
  readonly rows: number
  readonly columns: number
  /** Bytes from the taps of one output row and pixel to the next. */
  readonly input: Strides
  /** Of filters. */
  readonly vectors: number
  readonly tile: Tile
  readonly tail: Tail
}

/** What belongs to a vector of filters. */
export interface FilterVector {
  readonly filters: 4 | 16
  /** Bytes of its weights, and of its biases and scales. */
  readonly weightBytes: number
  readonly filterBytes: number
}

/** One tile in the making: addresses of its first pixel's taps, of its panel's weights and of its filters' biases. */
export interface TileAt {
  readonly pixels: readonly Pixel[]
  /** Of each pixel's taps, from `input`. */
  readonly offsets: readonly number[]
  readonly input: Local<'i32'>
  readonly weights: Local<'i32'>
  readonly filters: Local<'i32'>
  /** Addresses by the names given: those of `walked` are moved on with the pixels. */
  readonly more: Readonly<Record<string, Local<'i32'>>>
}

/**
 * Writes a loop over panels of filters and, within them, tiles of pixels.
 *
 * Parameters: input (the first tap of the first pixel), weights, filters, constants of the tail, those of `walked` and `names`, the
 * tail's buffers.
 * @param walked further parameters that have a place for each pixel, and how far apart these are
 * @param compute f32 results by pixel and vector of 4 filters
 */
export function tiled(
  name: string,
  { rows, columns, input, vectors, tile, tail }: Tiled,
  { filters: filtersOf, weightBytes, filterBytes }: FilterVector,
  walked: Readonly<Record<string, Strides>>,
  names: readonly string[],
  compute: (body: Body, width: number, tile: TileAt) => readonly (readonly V128[])[],
): Func {
  const keys = Object.keys(walked)
  const parameters = parametersWith(['input', 'weights', 'filters', 'constants', ...keys, ...names], tail)
  return func(name, parameters, (given, body) => {
    const { local, advance, repeat } = body
    const weights = local(given.weights!, 'panel')
    const filters = local(given.filters!, 'biases')
    const starts = tail.buffers.map((_, i) => local(given[`buffer${i}`]!, `buffer ${i}`))
    const panel = (width: number) => {
      const images = [
        { start: given.input!, ...input },
        ...keys.map((key) => ({ start: given[key]!, ...walked[key]! })),
        ...tail.buffers.map((strides, i) => ({ start: starts[i]!, ...strides })),
      ]
      walk(body, { rows, columns, ...tile }, images, (pixels, [first, ...others]) => {
        const more = Object.fromEntries([
          ...names.map((name) => [name, given[name]!] as const),
          ...keys.map((key, i) => [key, others[i]!] as const),
        ])
        const offsets = pixels.map((pixel) => offsetOf(pixel, input))
        const results = compute(body, width, { pixels, offsets, input: first!, weights, filters, more })
        writeTail(tail, body, pixels, results, given.constants!, others.slice(keys.length))
      })
      advance(weights, weightBytes * width)
      advance(filters, filterBytes * width)
      advanceAll(
        body,
        starts,
        channelBytes(tail).map((bytes) => filtersOf * bytes * width),
      )
    }
    for (const [count, width] of parts(vectors, tile.vectors)) repeat(count, () => panel(width))
  })
}
