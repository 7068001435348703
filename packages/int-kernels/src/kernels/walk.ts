import type { Body, Local, Value } from '@lowbit/wasm-emit'
import type { Strides } from './tail.js'

/** A place in an image: an address and how far it moves to the next row and pixel. */
export interface Walked extends Strides {
  readonly start: Value<'i32'>
}

/**
 * Writes a loop over rows x columns pixels, in tiles of up to `pixels` beside each other. Several images are walked together.
 * @param tile writes the work on one tile, given its width and where its first pixel lies in each image
 */
export function walk(
  body: Body,
  { rows, columns, pixels }: { readonly rows: number; readonly columns: number; readonly pixels: number },
  images: readonly Walked[],
  tile: (pixels: number, at: readonly Local<'i32'>[]) => void,
): void {
  const { local, repeat } = body
  const full = Math.floor(columns / pixels)
  const rest = columns % pixels
  repeat(1, () => {
    const lines = images.map(({ start }) => local(start, 'row'))
    repeat(rows, () => {
      const at = lines.map((line) => local(line, 'pixel'))
      const oneTile = (width: number) => {
        tile(width, at)
        advanceAll(
          body,
          at,
          images.map(({ pixel }) => width * pixel),
        )
      }
      if (full > 0) {
        repeat(full, () => {
          oneTile(pixels)
        })
      }
      if (rest > 0) oneTile(rest)
      advanceAll(
        body,
        lines,
        images.map(({ row }) => row),
      )
    })
  })
}

/** Moves each pointer by its number of bytes. */
export function advanceAll(body: Body, pointers: readonly Local<'i32'>[], bytes: readonly number[]): void {
  pointers.forEach((pointer, i) => {
    if (bytes[i] !== 0) body.advance(pointer, bytes[i]!)
  })
}
