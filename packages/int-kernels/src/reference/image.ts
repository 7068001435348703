import type { Shape } from '../format/index.js'

/** A value of the reference: f32 numbers or codes of [height, width, channels], row-major. A flat value is one pixel. */
export interface Image {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: Float32Array
  holds(y: number, x: number): boolean
  get(y: number, x: number, channel: number): number
  set(y: number, x: number, channel: number, value: number): void
}

export function imageOf(shape: Shape, data: Float32Array): Image {
  const [height, width, channels] = shape.length === 3 ? (shape as [number, number, number]) : [1, 1, shape[0]!]
  const at = (y: number, x: number, channel: number) => (y * width + x) * channels + channel
  return {
    height,
    width,
    channels,
    data,
    holds: (y, x) => y >= 0 && y < height && x >= 0 && x < width,
    get: (y, x, channel) => data[at(y, x, channel)]!,
    set: (y, x, channel, value) => {
      data[at(y, x, channel)] = value
    },
  }
}

export function newImage(shape: Shape): Image {
  return imageOf(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)))
}
