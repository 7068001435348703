import { type Body, f32x4, i32, type Local, type V128 } from '@lowbit/wasm-emit'
import { inBlocks, loadFirst, times } from '../blocks.js'
import { overlap, type PaddedImage } from './padded-image.js'

/** An image of f32 within zeros, its channels apart: row by row, in each row channel by channel, the pixels side by side. */
export interface PlanarImage {
  readonly image: PaddedImage
  /** Floats of one channel of one row; at least the image's columns. */
  readonly width: number
}

/** Bytes of the copy. */
export const planarBytes = ({ image, width }: PlanarImage) => 4 * image.rows.length * image.channels * width

/** Copies the source into a copy whose rim is already zero, and moves neither pointer. */
export function copyPlanar(body: Body, { image, width }: PlanarImage, copy: Local<'i32'>, source: Local<'i32'>): void {
  const { local, advance } = body
  const { channels } = image
  const rows = overlap(image.rows)
  const columns = overlap(image.columns)
  if (rows.length < 1 || columns.length < 1) return
  const from = local(i32.add(source, 4 * channels * (rows.from * image.columns.source + columns.from)))
  const to = local(i32.add(copy, 4 * (rows.to * channels * width + columns.to)))
  body.repeat(rows.length, () => {
    const pixel = local(from)
    const column = local(to)
    inBlocks(body, columns.length, 4, (pixels) => {
      const channel = local(pixel)
      const plane = local(column)
      inBlocks(body, channels, 4, (lanes) => {
        const values = times(pixels, (p) => local(loadFirst(channel, lanes, 4 * channels * p)))
        if (pixels === 4 && lanes === 4)
          for (const [c, vector] of transposed(body, values).entries()) body.store(plane, vector, 4 * width * c)
        else
          for (const [p, value] of values.entries())
            for (let c = 0; c < lanes; c++) body.store32Lane(plane, value, c, 4 * (width * c + p))
        advance(channel, 4 * lanes)
        advance(plane, 4 * width * lanes)
      })
      advance(pixel, 4 * channels * pixels)
      advance(column, 4 * pixels)
    })
    advance(from, 4 * channels * image.columns.source)
    advance(to, 4 * channels * width)
  })
}

/** Four vectors of four to four vectors of their lanes. */
export function transposed(body: Body, [a, b, c, d]: readonly V128[]): V128[] {
  const pairs = (first: V128, second: V128, order: readonly number[]) => body.local(f32x4.shuffle(first, second, order))
  const [low, high] = [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ] as const
  const [abLow, cdLow] = [pairs(a!, b!, low), pairs(c!, d!, low)]
  const [abHigh, cdHigh] = [pairs(a!, b!, high), pairs(c!, d!, high)]
  return [
    f32x4.shuffle(abLow, cdLow, [0, 1, 4, 5]),
    f32x4.shuffle(abLow, cdLow, [2, 3, 6, 7]),
    f32x4.shuffle(abHigh, cdHigh, [0, 1, 4, 5]),
    f32x4.shuffle(abHigh, cdHigh, [2, 3, 6, 7]),
  ]
}
