import type { Padding, Pair } from './network.js'

export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 }

/** Rows and columns that a window of `size` gives, moved by `stride` over [height, width] with `padding`. Below 1: it does not fit. */
export function windowedSize([height, width]: Pair, size: Pair, stride: Pair, padding: Padding): [number, number] {
  return [
    Math.floor((height + padding.top + padding.bottom - size[0]) / stride[0]) + 1,
    Math.floor((width + padding.left + padding.right - size[1]) / stride[1]) + 1,
  ]
}

/** The padding that TensorFlow calls `same`: ceil(size / stride) outputs, the odd row and column below and to the right. */
export function samePadding([height, width]: Pair, size: Pair, stride: Pair): Padding {
  const vertical = needed(height, size[0], stride[0])
  const horizontal = needed(width, size[1], stride[1])
  const top = Math.floor(vertical / 2)
  const left = Math.floor(horizontal / 2)
  return { top, bottom: vertical - top, left, right: horizontal - left }
}

function needed(extent: number, size: number, stride: number): number {
  return Math.max(0, (Math.ceil(extent / stride) - 1) * stride + size - extent)
}
