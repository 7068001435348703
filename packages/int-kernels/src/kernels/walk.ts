import type { Body, Local, Value } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import { times } from './times.js'

/** A place in an image: an address and how far it moves to the next row and pixel. */
export interface Walked extends Strides {
  readonly start: Value<'i32'>
}

/** Where a pixel of a tile lies from the tile's first place. */
export interface Pixel {
  readonly row: number
  readonly column: number
}

export const offsetOf = ({ row, column }: Pixel, strides: Strides): number => row * strides.row + column * strides.pixel

export interface Walk {
  readonly rows: number
  readonly columns: number
  /** Pixels in a tile, beside each other. */
  readonly pixels: number
  /** Rows that are cut into tiles as if they were one, so that less is left over: by default 1. */
  readonly together?: number
}

/**
 * Writes a loop over rows x columns pixels, in tiles. Several images are walked together.
 * @param tile writes the work on one tile, given its pixels and the place from which they are counted in each image
 */
export function walk(
  body: Body,
  { rows, columns, pixels, together: wanted = 1 }: Walk,
  images: readonly Walked[],
  tile: (pixels: readonly Pixel[], at: readonly Local<'i32'>[]) => void,
): void {
  const { local, repeat } = body
  // A part of an image that threads share may have fewer rows than were to be cut together.
  const together = Math.min(wanted, rows)
  repeat(1, () => {
    const lines = images.map(({ start }) => local(start, 'row'))
    const severalRows = (count: number) => {
      const all = times(count * columns, (i) => ({
        row: Math.floor(i / columns),
        column: i % columns,
      }))
      for (let first = 0; first < all.length; first += pixels) tile(all.slice(first, first + pixels), lines)
    }
    const oneRow = () => {
      const at = lines.map((line) => local(line, 'pixel'))
      const oneTile = (width: number) => {
        const beside = times(width, (column) => ({ row: 0, column }))
        tile(beside, at)
        advanceAll(
          body,
          at,
          images.map(({ pixel }) => width * pixel),
        )
      }
      if (columns >= pixels) {
        repeat(Math.floor(columns / pixels), () => {
          oneTile(pixels)
        })
      }
      if (columns % pixels > 0) oneTile(columns % pixels)
    }
    const next = (count: number) => {
      advanceAll(
        body,
        lines,
        images.map(({ row }) => count * row),
      )
    }
    repeat(Math.floor(rows / together), () => {
      if (together === 1) oneRow()
      else severalRows(together)
      next(together)
    })
    if (rows % together > 0) severalRows(rows % together)
  })
}

/** Moves each pointer by its number of bytes. */
export function advanceAll(body: Body, pointers: readonly Local<'i32'>[], bytes: readonly number[]): void {
  pointers.forEach((pointer, i) => {
    if (bytes[i] !== 0) body.advance(pointer, bytes[i]!)
  })
}
