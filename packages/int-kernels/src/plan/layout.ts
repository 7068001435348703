import { noPadding, type Padding, type Shape } from '../format/index.js'
import type { Strides } from '../kernels/strides.js'

/** Where a value lies in its buffer: NHWC, channels filled up to a multiple of 4, surrounded by a halo that convolutions read. */
export interface Layout extends Strides {
  readonly kind: 'codes' | 'float'
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly halo: Padding
  /** Bytes from the start of the buffer to the first pixel. */
  readonly origin: number
  /** Bytes of the buffer: kernels read whole vectors, and may read a little beyond the last pixel. */
  readonly bytes: number
}

const bytesOf = { codes: 1, float: 4 } as const
const overread = 64

export function layoutOf(kind: 'codes' | 'float', shape: Shape, halo: Padding = noPadding): Layout {
  const [height, width, channels] = imageShape(shape)
  const pixel = bytesOf[kind] * 4 * Math.ceil(channels / 4)
  return placed(kind, [height, width, channels], halo, pixel)
}

/** Floats as a caller has them: no channels between. */
export function denseLayoutOf(shape: Shape, halo: Padding = noPadding): Layout {
  const [height, width, channels] = imageShape(shape)
  return placed('float', [height, width, channels], halo, 4 * channels)
}

/** A flat value is one pixel. */
export function imageShape(shape: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, ...shape]
  return [height!, width!, channels!]
}

/** The larger of two paddings on each side. */
export function widest(a: Padding, b: Padding): Padding {
  return {
    top: Math.max(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.max(a.left, b.left),
    right: Math.max(a.right, b.right),
  }
}

function placed(
  kind: 'codes' | 'float',
  [height, width, channels]: readonly [number, number, number],
  halo: Padding,
  pixel: number,
): Layout {
  const row = (halo.left + width + halo.right) * pixel
  const rows = halo.top + height + halo.bottom
  const bytes = Math.ceil((rows * row + overread) / 16) * 16
  return { kind, height, width, channels, halo, pixel, row, origin: halo.top * row + halo.left * pixel, bytes }
}
