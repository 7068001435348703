import { type Body, i32, type Local, select } from '@lowbit/wasm-emit'
import { nested } from '../blocks.js'
import { layoutOf, type PaddedImage } from '../convolution/padded-image.js'
import type { WinogradPlan } from './plan.js'

/** The images and rows of tiles in work. */
export interface Strip {
  readonly images: Local<'i32'>
  /** Tiles in it: images * strip * tileColumns. */
  readonly tiles: Local<'i32'>
}

/** Goes over the images of a batch, a group at a time, of which the last may be smaller; counts `batch` down to 0. */
export function overGroups(
  body: Body,
  plan: WinogradPlan,
  batch: Local<'i32'>,
  write: (images: Local<'i32'>) => void,
): void {
  body.loopWhile(
    () => i32.gtS(batch, 0),
    () => {
      const images = body.local(select(i32.ltS(batch, plan.group), batch, i32.const(plan.group)), 'images')
      write(images)
      batch.set(i32.sub(batch, images))
    },
  )
}

/** Goes over the strips of a group of images. */
export function overStrips(body: Body, plan: WinogradPlan, images: Local<'i32'>, write: (strip: Strip) => void): void {
  const tiles = body.local(i32.mul(images, plan.strip * plan.tileColumns), 'tiles')
  nested(body, [[plan.tileRows / plan.strip, () => {}]], () => write({ images, tiles }))
}

/**
 * Goes over the tiles of a strip and their channels, four at a time, with a pointer to the tile's first pixel; `first` is the
 * strip's and moves on to the next strip's.
 */
export function overTiles(
  body: Body,
  plan: WinogradPlan,
  strip: Strip,
  image: PaddedImage,
  first: Local<'i32'>,
  write: (pixel: Local<'i32'>) => void,
): void {
  const { local, advance } = body
  const layout = layoutOf(image)
  const step = plan.transforms.tile
  const start = local(first)
  body.repeat(strip.images, () => {
    const row = local(start)
    nested(body, [[plan.strip, () => advance(row, step * layout.row)]], () => {
      const tile = local(row)
      nested(body, [[plan.tileColumns, () => advance(tile, step * layout.pixel)]], () => {
        const pixel = local(tile)
        nested(body, [[image.channels / 4, () => advance(pixel, 16)]], () => write(pixel))
      })
    })
    advance(start, layout.image)
  })
  advance(first, step * plan.strip * layout.row)
}
