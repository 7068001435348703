import { type Body, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { ConvAxis } from './conv-shape.js'

/** One direction of an image within zeros: padded[i] = source[i - before], zero outside of it. */
export interface PaddedAxis {
  readonly source: number
  /** May be negative: then the source begins so much later. */
  readonly before: number
  readonly length: number
}

/** An image of f32 within zeros, as the inner loops read it. */
export interface PaddedImage {
  readonly rows: PaddedAxis
  readonly columns: PaddedAxis
  /** Floats of a pixel in the source. */
  readonly channels: number
  /** Floats of a pixel in the copy, zero beyond `channels`. */
  readonly stride: number
}

/** What of an axis a convolution reads. */
export function paddedAxis({ input, output, kernel, stride, dilation, before }: ConvAxis): PaddedAxis {
  return { source: input, before, length: (output - 1) * stride + (kernel - 1) * dilation + 1 }
}

/** Whether the source can be read where it lies. */
export function isWithin({ rows, columns, channels, stride }: PaddedImage): boolean {
  const inside = (axis: PaddedAxis) => axis.before <= 0 && axis.length - axis.before <= axis.source
  return inside(rows) && inside(columns) && channels === stride
}

/** Bytes of one image's copy. */
export const paddedBytes = (image: PaddedImage) => 4 * image.rows.length * image.columns.length * image.stride

/** Bytes of one image as it lies in its tensor. */
export const sourceBytes = ({ rows, columns, channels }: PaddedImage) => 4 * rows.source * columns.source * channels

/** How an image is read: bytes from row to row, from pixel to pixel, from image to image, and of its first pixel. */
export interface ImageLayout {
  readonly row: number
  readonly pixel: number
  readonly image: number
  readonly first: number
}

/** The layout that the inner loops see: the copy's, or the source's where none is made. */
export function layoutOf(image: PaddedImage): ImageLayout {
  const pixel = 4 * image.stride
  if (!isWithin(image)) {
    const row = pixel * image.columns.length
    return { row, pixel, image: paddedBytes(image), first: 0 }
  }
  const row = pixel * image.columns.source
  return { row, pixel, image: sourceBytes(image), first: -image.rows.before * row - image.columns.before * pixel }
}

/** Copies the source into the middle of a copy whose rim is already zero, and moves neither pointer. */
export function copyPadded(body: Body, image: PaddedImage, copy: Local<'i32'>, source: Local<'i32'>): void {
  const { rows, columns, channels, stride } = image
  const height = overlap(rows)
  const width = overlap(columns)
  if (height.length < 1 || width.length < 1) return
  const from = body.local(i32.add(source, 4 * channels * (height.from * columns.source + width.from)))
  const to = body.local(i32.add(copy, 4 * stride * (height.to * columns.length + width.to)))
  body.repeat(height.length, () => {
    if (channels === stride) body.copy(to, from, 4 * channels * width.length)
    else copySpread(body, to, from, width.length, channels, stride)
    body.advance(from, 4 * channels * columns.source)
    body.advance(to, 4 * stride * columns.length)
  })
}

/** The first pixel of some images for the inner loops: where they lie, or in copies made now, whose rims are already zero. */
export function imagesAt(
  body: Body,
  image: PaddedImage,
  copy: Local<'i32'>,
  source: Local<'i32'>,
  images: Local<'i32'>,
): Local<'i32'> {
  const { local, advance, repeat } = body
  if (isWithin(image)) return local(i32.add(source, layoutOf(image).first))
  const from = local(source)
  const to = local(copy)
  repeat(images, () => {
    copyPadded(body, image, to, from)
    advance(from, sourceBytes(image))
    advance(to, paddedBytes(image))
  })
  return local(copy)
}

/** The middle of a padded copy, back to where the image lies; pixels that have no copy become 0. */
export function copyBack(body: Body, image: PaddedImage, copy: Local<'i32'>, source: Local<'i32'>): void {
  const { rows, columns, channels } = image
  const { local, advance } = body
  const height = overlap(rows)
  const width = overlap(columns)
  body.fill(source, 0, sourceBytes(image))
  if (height.length < 1 || width.length < 1) return
  const from = local(i32.add(copy, 4 * channels * (height.to * columns.length + width.to)))
  const to = local(i32.add(source, 4 * channels * (height.from * columns.source + width.from)))
  body.repeat(height.length, () => {
    body.copy(to, from, 4 * channels * width.length)
    advance(from, 4 * channels * columns.length)
    advance(to, 4 * channels * columns.source)
  })
}

/** The same for some images. */
export function copyBackImages(
  body: Body,
  image: PaddedImage,
  copy: Local<'i32'>,
  source: Local<'i32'>,
  images: Local<'i32'>,
): void {
  const from = body.local(copy)
  const to = body.local(source)
  body.repeat(images, () => {
    copyBack(body, image, from, to)
    body.advance(from, paddedBytes(image))
    body.advance(to, sourceBytes(image))
  })
}

function copySpread(
  body: Body,
  to: Local<'i32'>,
  from: Local<'i32'>,
  pixels: number,
  channels: number,
  stride: number,
): void {
  const source = body.local(from)
  const target = body.local(to)
  body.repeat(pixels, () => {
    for (let c = 0; c < channels; c++) body.store32Lane(target, v128.load32Zero(source, 4 * c), 0, 4 * c)
    body.advance(source, 4 * channels)
    body.advance(target, 4 * stride)
  })
}

/** Where source and copy overlap. */
export function overlap({ source, before, length }: PaddedAxis): { from: number; to: number; length: number } {
  const from = Math.max(0, -before)
  const to = Math.max(0, before)
  return { from, to, length: Math.min(source - from, length - to) }
}
