import type { backend_util } from '@tensorflow/tfjs'

/** One direction of a convolution over images: output[i] = sum over k of input[i * stride + k * dilation - before] * kernel[k]. */
export interface ConvAxis {
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Zeros before the first input. */
  readonly before: number
}

/** A convolution of NHWC images with an HWIO kernel, but for the number of images. */
export interface ConvShape {
  readonly rows: ConvAxis
  readonly columns: ConvAxis
  readonly inputs: number
  readonly outputs: number
}

/** A convolution and the number of images it goes over. */
export interface Convolution extends ConvShape {
  readonly batch: number
}

/** What is used of tfjs's own reading of a convolution's or a pool's attributes. */
export type WindowInfo = Omit<backend_util.Conv2DInfo, 'filterShape'>

/** Both directions of windows over images, as tfjs describes them. */
export function axesOf(info: WindowInfo): { rows: ConvAxis; columns: ConvAxis } {
  return {
    rows: {
      input: info.inHeight,
      output: info.outHeight,
      kernel: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
    },
    columns: {
      input: info.inWidth,
      output: info.outWidth,
      kernel: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
    },
  }
}

/** A convolution as tfjs describes it. */
export function convolutionOf(info: WindowInfo): Convolution {
  return simplified({ batch: info.batchSize, ...axesOf(info), inputs: info.inChannels, outputs: info.outChannels })
}

/** rows x depth times depth x columns, as the convolution of one image of one row with a 1x1 kernel: the same memory, the same sums. */
export function matrixProduct(rows: number, depth: number, columns: number): Convolution {
  return { batch: 1, rows: single, columns: pointwise(rows), inputs: depth, outputs: columns }
}

/**
 * The same sums over the same memory in a simpler shape: a 1x1 convolution takes an image as one row of pixels; where the
 * kernel covers the whole image, images are the pixels of one row.
 */
function simplified(shape: Convolution): Convolution {
  const { batch, rows, columns, inputs, outputs } = shape
  if (isPointwise(rows) && isPointwise(columns) && rows.input > 1)
    return { ...shape, rows: single, columns: pointwise(rows.input * columns.input) }
  if (coversImage(rows) && coversImage(columns))
    return matrixProduct(batch, rows.kernel * columns.kernel * inputs, outputs)
  return shape
}

const isPointwise = (axis: ConvAxis) =>
  axis.kernel === 1 && axis.stride === 1 && axis.before === 0 && axis.output === axis.input
const coversImage = (axis: ConvAxis) =>
  axis.output === 1 && axis.kernel === axis.input && axis.before === 0 && (axis.dilation === 1 || axis.kernel === 1)

const pointwise = (pixels: number): ConvAxis => ({
  input: pixels,
  output: pixels,
  kernel: 1,
  stride: 1,
  dilation: 1,
  before: 0,
})
const single = pointwise(1)

/** A key that tells shapes apart in the cache of kernels. */
export const shapeKey = ({ rows, columns, inputs, outputs }: ConvShape): string =>
  `${axisKey(rows)}-${axisKey(columns)}-${inputs}.${outputs}`

const axisKey = ({ input, output, kernel, stride, dilation, before }: ConvAxis) =>
  `${input}.${output}.${kernel}.${stride}.${dilation}.${before}`
