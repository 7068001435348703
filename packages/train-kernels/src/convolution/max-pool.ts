import { type Body, f32x4, func, i8x16, i16x8, i32, i32x4, type Local, v128 } from '@lowbit/wasm-emit'
import { inBlocks, loadFirst, nested, storeFirst } from '../blocks.js'
import type { ConvAxis } from './conv-shape.js'
import {
  copyBack,
  copyPadded,
  isWithin,
  layoutOf,
  type PaddedImage,
  paddedAxis,
  paddedBytes,
  sourceBytes,
} from './padded-image.js'

/** Max-pool over NHWC images, but for their number. Windows have at most 256 pixels: a byte says which was the maximum. */
export interface PoolShape {
  readonly rows: ConvAxis
  readonly columns: ConvAxis
  readonly channels: number
}

/** Bytes of scratch memory: one padded image, where windows reach over the rim. */
export const poolCopyBytes = (shape: PoolShape) => (isWithin(imageOf(shape)) ? 0 : paddedBytes(imageOf(shape)))

/**
 * output = the maximum of each window, index (a byte an output) = which pixel of the window it was, row by row; of equal ones
 * the first. NaN in a window makes its maximum NaN.
 */
export const maxPool = (shape: PoolShape) =>
  func(
    'maxPool',
    { input: 'i32', output: 'i32', index: 'i32', copy: 'i32', batch: 'i32' },
    ({ input, output, index, copy, batch }, body) => {
      const image = imageOf(shape)
      const inPlace = isWithin(image)
      if (!inPlace) fillWith(body, copy, paddedBytes(image), Number.NEGATIVE_INFINITY)
      body.repeat(batch, () => {
        if (!inPlace) copyPadded(body, image, copy, input)
        overWindows(body, shape, inPlace ? input : copy, (window, lanes) => {
          const [first, ...others] = windowOffsets(shape)
          const best = body.local(loadFirst(window, lanes, first))
          const place = body.local(v128.zero)
          for (const [i, offset] of others.entries()) {
            const value = body.local(loadFirst(window, lanes, offset))
            const larger = body.local(v128.or(f32x4.gt(value, best), f32x4.ne(value, value)))
            best.set(v128.bitselect(value, best, larger))
            place.set(v128.bitselect(i32x4.splat(i + 1), place, larger))
          }
          storeFirst(body, output, best, lanes)
          storeBytes(body, index, place, lanes)
          body.advance(output, 4 * lanes)
          body.advance(index, lanes)
        })
        body.advance(input, sourceBytes(image))
      })
    },
  )

/** gradient = the sum of the windows' errors, each given to the pixel that was the window's maximum. */
export const maxPoolGradient = (shape: PoolShape) =>
  func(
    'maxPoolGradient',
    { error: 'i32', index: 'i32', gradient: 'i32', copy: 'i32', batch: 'i32' },
    ({ error, index, gradient, copy, batch }, body) => {
      const image = imageOf(shape)
      const inPlace = isWithin(image)
      const once = eachPixelOnce(shape)
      body.repeat(batch, () => {
        const target = inPlace ? gradient : copy
        if (!once || !inPlace) body.fill(target, 0, inPlace ? sourceBytes(image) : paddedBytes(image))
        overWindows(body, shape, target, (window, lanes) => {
          const from = body.local(loadFirst(error, lanes))
          const place = body.local(loadBytes(index, lanes))
          for (const [i, offset] of windowOffsets(shape).entries()) {
            const own = v128.and(from, i32x4.eq(place, i))
            const sum = once ? own : f32x4.add(loadFirst(window, lanes, offset), own)
            storeFirst(body, window, body.local(sum), lanes, offset)
          }
          body.advance(error, 4 * lanes)
          body.advance(index, lanes)
        })
        if (!inPlace) copyBack(body, image, copy, gradient)
        body.advance(gradient, sourceBytes(image))
      })
    },
  )

const imageOf = ({ rows, columns, channels }: PoolShape): PaddedImage => ({
  rows: paddedAxis(rows),
  columns: paddedAxis(columns),
  channels,
  stride: channels,
})

/** Whether the windows tile the whole image, so that nothing has to be cleared or summed. */
function eachPixelOnce({ rows, columns }: PoolShape): boolean {
  return [rows, columns].every((axis) => axis.stride === axis.kernel && axis.output * axis.kernel === axis.input)
}

/** Goes over the windows of an image and their channels, four at a time, in the order in which the outputs lie. */
function overWindows(
  body: Body,
  shape: PoolShape,
  image: Local<'i32'>,
  write: (window: Local<'i32'>, lanes: number) => void,
): void {
  const layout = layoutOf(imageOf(shape))
  const { local, advance } = body
  const row = local(i32.add(image, layout.first), 'row')
  nested(body, [[shape.rows.output, () => advance(row, shape.rows.stride * layout.row)]], () => {
    const column = local(row, 'column')
    nested(body, [[shape.columns.output, () => advance(column, shape.columns.stride * layout.pixel)]], () => {
      const window = local(column, 'window')
      inBlocks(body, shape.channels, 4, (lanes) => {
        write(window, lanes)
        advance(window, 4 * lanes)
      })
    })
  })
}

/** Bytes from a window's first pixel to each of its pixels. */
function windowOffsets({ rows, columns, channels }: PoolShape): [number, ...number[]] {
  const { row, pixel } = layoutOf(imageOf({ rows, columns, channels }))
  const offsets = Array.from({ length: rows.kernel * columns.kernel }, (_, i) => {
    const y = Math.floor(i / columns.kernel)
    return y * rows.dilation * row + (i % columns.kernel) * columns.dilation * pixel
  })
  return offsets as [number, ...number[]]
}

function fillWith(body: Body, address: Local<'i32'>, bytes: number, value: number): void {
  const pointer = body.local(address)
  body.repeat(bytes / 4, () => {
    body.store32Lane(pointer, f32x4.splat(value), 0)
    body.advance(pointer, 4)
  })
}

/** Four integers of 0..255 as bytes. */
function storeBytes(body: Body, address: Local<'i32'>, integers: Local<'v128'>, lanes: number): void {
  const bytes = body.local(i8x16.narrowU(i16x8.narrowS(integers, integers), v128.zero))
  if (lanes === 4) body.store32Lane(address, bytes, 0)
  else for (let lane = 0; lane < lanes; lane++) body.store8Lane(address, bytes, lane, lane)
}

function loadBytes(address: Local<'i32'>, lanes: number) {
  let bytes = lanes === 4 ? v128.load32Zero(address) : v128.zero
  if (lanes < 4) for (let lane = 0; lane < lanes; lane++) bytes = v128.load8Lane(address, bytes, lane, lane)
  return i32x4.extendLowU(i16x8.extendLowU(bytes))
}
