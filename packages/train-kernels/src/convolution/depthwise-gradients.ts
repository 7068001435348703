import { type Body, f32x4, func, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
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

/** A depthwise convolution of NHWC images, but for their number: each channel has `multiplier` kernels and outputs of its own. */
export interface DepthwiseShape {
  readonly rows: ConvAxis
  readonly columns: ConvAxis
  readonly channels: number
  readonly multiplier: number
}

/** Bytes of scratch memory: one padded image, where the kernel reaches over the rim. */
export const depthwiseCopyBytes = (shape: DepthwiseShape) =>
  isWithin(imageOf(shape)) ? 0 : paddedBytes(imageOf(shape))

/** gradient[r, s, c, m] = sum over images and outputs of input[y * stride + r, x * stride + s, c] * error[y, x, c, m]. */
export const depthwiseFilterGradient = (shape: DepthwiseShape, madd: MultiplyAdd) =>
  func(
    'depthwiseFilterGradient',
    { input: 'i32', error: 'i32', gradient: 'i32', copy: 'i32', batch: 'i32' },
    ({ input, error, gradient, copy, batch }, body) => {
      const image = imageOf(shape)
      const inPlace = isWithin(image)
      if (!inPlace) body.fill(copy, 0, paddedBytes(image))
      body.fill(gradient, 0, 4 * shape.rows.kernel * shape.columns.kernel * shape.channels * shape.multiplier)
      body.repeat(batch, () => {
        if (!inPlace) copyPadded(body, image, copy, input)
        overTaps(body, shape, inPlace ? input : copy, gradient, error, (at, lanes) => {
          const sum = body.local(v128.zero)
          overOutputs(body, shape, at, (pixel, outputError) =>
            sum.set(madd(loadFirst(pixel, lanes), loadFirst(outputError, lanes), sum)),
          )
          storeFirst(body, at.filter, body.local(f32x4.add(loadFirst(at.filter, lanes), sum)), lanes)
        })
        body.advance(input, sourceBytes(image))
        body.advance(error, errorBytes(shape))
      })
    },
  )

/** gradient[y * stride + r, x * stride + s, c] += filter[r, s, c, m] * error[y, x, c, m] */
export const depthwiseInputGradient = (shape: DepthwiseShape, madd: MultiplyAdd) =>
  func(
    'depthwiseInputGradient',
    { filter: 'i32', error: 'i32', gradient: 'i32', copy: 'i32', batch: 'i32' },
    ({ filter, error, gradient, copy, batch }, body) => {
      const image = imageOf(shape)
      const inPlace = isWithin(image)
      body.repeat(batch, () => {
        const target = inPlace ? gradient : copy
        body.fill(target, 0, inPlace ? sourceBytes(image) : paddedBytes(image))
        overTaps(body, shape, target, filter, error, (at, lanes) => {
          const weight = body.local(loadFirst(at.filter, lanes))
          overOutputs(body, shape, at, (pixel, outputError) => {
            const sum = body.local(madd(weight, loadFirst(outputError, lanes), loadFirst(pixel, lanes)))
            storeFirst(body, pixel, sum, lanes)
          })
        })
        if (!inPlace) copyBack(body, image, copy, gradient)
        body.advance(gradient, sourceBytes(image))
        body.advance(error, errorBytes(shape))
      })
    },
  )

const imageOf = ({ rows, columns, channels }: DepthwiseShape): PaddedImage => ({
  rows: paddedAxis(rows),
  columns: paddedAxis(columns),
  channels,
  stride: channels,
})

const errorBytes = ({ rows, columns, channels, multiplier }: DepthwiseShape) =>
  4 * rows.output * columns.output * channels * multiplier

interface TapPointers {
  /** The tap's pixel for the first output. */
  readonly pixel: Local<'i32'>
  readonly filter: Local<'i32'>
  readonly error: Local<'i32'>
}

/** Goes over kernel rows, kernel columns and channels: four at a time, or one by one where each has several kernels. */
function overTaps(
  body: Body,
  shape: DepthwiseShape,
  image: Local<'i32'>,
  filter: Local<'i32'>,
  error: Local<'i32'>,
  write: (at: TapPointers, lanes: number) => void,
): void {
  const { rows, columns, channels, multiplier } = shape
  const { local, advance } = body
  const layout = layoutOf(imageOf(shape))
  const row = local(i32.add(image, layout.first), 'row')
  const weight = local(filter, 'weight')
  const nextRow = rows.dilation * layout.row - columns.kernel * columns.dilation * layout.pixel
  nested(
    body,
    [
      [rows.kernel, () => advance(row, nextRow)],
      [columns.kernel, () => advance(row, columns.dilation * layout.pixel)],
    ],
    () => {
      const at = { pixel: local(row, 'pixel'), filter: weight, error: local(error, 'error') }
      inBlocks(body, channels, multiplier === 1 ? 4 : 1, (lanes) => {
        nested(
          body,
          [
            [
              multiplier,
              () => {
                advance(at.filter, 4 * lanes)
                advance(at.error, 4 * lanes)
              },
            ],
          ],
          () => write(at, lanes),
        )
        advance(at.pixel, 4 * lanes)
      })
    },
  )
}

/** Goes over the outputs of an image, with the pixel that a tap meets there. */
function overOutputs(
  body: Body,
  shape: DepthwiseShape,
  at: TapPointers,
  write: (pixel: Local<'i32'>, error: Local<'i32'>) => void,
): void {
  const { rows, columns, channels, multiplier } = shape
  const { local, advance } = body
  const layout = layoutOf(imageOf(shape))
  const pixel = local(at.pixel)
  const error = local(at.error)
  const step = columns.stride * layout.pixel
  nested(
    body,
    [
      [rows.output, () => advance(pixel, rows.stride * layout.row - columns.output * step)],
      [
        columns.output,
        () => {
          advance(pixel, step)
          advance(error, 4 * channels * multiplier)
        },
      ],
    ],
    () => write(pixel, error),
  )
}
