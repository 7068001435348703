import type { ConvAxis, ConvShape } from '../convolution/conv-shape.js'
import { isWithin, type PaddedAxis, type PaddedImage, paddedAxis, paddedBytes } from '../convolution/padded-image.js'
import type { ForwardTransforms } from './transforms.js'

/** How a 3x3 convolution goes over its images in tiles of outputs: `group` images and `strip` rows of tiles at a time. */
export interface WinogradPlan<Transforms extends ForwardTransforms = ForwardTransforms> {
  readonly transforms: Transforms
  /** Inputs and outputs, with zeros up to whole tiles. */
  readonly input: PaddedImage
  readonly output: PaddedImage
  readonly tileRows: number
  readonly tileColumns: number
  readonly group: number
  /** Divides `tileRows`; all of them where `group` is above 1. */
  readonly strip: number
}

/** Factors and sums of the tiles in work should stay in the second-level cache. */
const workBytes = 1 << 19

/**
 * The plan for a convolution, or undefined where the transforms do not apply: other kernels or strides, and channels that fill no
 * vectors.
 */
export function winogradPlan<Transforms extends ForwardTransforms>(
  shape: ConvShape,
  transforms: Transforms,
): WinogradPlan<Transforms> | undefined {
  const { rows, columns, inputs, outputs } = shape
  for (const axis of [rows, columns])
    if (axis.kernel !== 3 || axis.stride !== 1 || axis.dilation !== 1) return undefined
  if (inputs % 4 > 0 || outputs % 4 > 0) return undefined
  const { tile } = transforms
  const [tileRows, tileColumns] = [Math.ceil(rows.output / tile), Math.ceil(columns.output / tile)]
  const most = Math.max(4, Math.floor(workBytes / (4 * (tile + 2) ** 2 * (inputs + outputs))))
  const strip = largestDivisor(tileRows, Math.floor(most / tileColumns))
  const padded = (axis: ConvAxis, tiles: number): PaddedAxis => ({ ...paddedAxis(axis), length: tile * tiles + 2 })
  const whole = (axis: ConvAxis, tiles: number): PaddedAxis => ({
    source: axis.output,
    before: 0,
    length: tile * tiles,
  })
  return {
    transforms,
    input: { rows: padded(rows, tileRows), columns: padded(columns, tileColumns), channels: inputs, stride: inputs },
    output: { rows: whole(rows, tileRows), columns: whole(columns, tileColumns), channels: outputs, stride: outputs },
    tileRows,
    tileColumns,
    group: strip === tileRows ? Math.max(1, Math.floor(most / (tileRows * tileColumns))) : 1,
    strip,
  }
}

/**
 * Cycles for one image, fitted to measurements: multiply-adds of four channels, storing their sums, and for each tile the
 * transforms of its inputs' and outputs' channels, which cost more the larger the tile is.
 */
export function winogradCycles({ transforms, input, output, tileRows, tileColumns }: WinogradPlan): number {
  const products = (transforms.tile + 2) ** 2
  const multiplyAdds = products * input.channels * (output.channels / 4)
  const stored = products * (output.channels / 4)
  const transformed = ((input.channels + output.channels) / 4) * (transforms.tile === 2 ? 20 : 130)
  return tileRows * tileColumns * (multiplyAdds / 1.7 + stored + transformed)
}

/** The same for the direct convolution. */
const directCycles = ({ rows, columns, inputs, outputs }: ConvShape) =>
  (rows.output * columns.output * rows.kernel * columns.kernel * inputs * (outputs / 4)) / 1.7

/** The plan that takes least, if it takes less than the direct convolution. */
export function cheapestPlan<Plan extends WinogradPlan>(
  shape: ConvShape,
  candidates: readonly (Plan | undefined)[],
): Plan | undefined {
  let [best, least]: [Plan | undefined, number] = [undefined, directCycles(shape)]
  for (const plan of candidates) {
    const cycles = plan ? winogradCycles(plan) : Number.POSITIVE_INFINITY
    if (cycles < least) [best, least] = [plan, cycles]
  }
  return best
}

/** Factors of a tile in one direction. */
export const factorsOf = ({ transforms }: WinogradPlan) => transforms.tile + 2

/** Tiles in work at once, at most. */
export const tilesOf = ({ group, strip, tileColumns }: WinogradPlan) => group * strip * tileColumns

/** Bytes from product to product: of the inputs' factors, of the outputs' sums or errors, of a kernel's factors. */
export function productBytes(plan: WinogradPlan) {
  const { input, output } = plan
  const tiles = tilesOf(plan)
  return {
    input: oddLines(4 * tiles * input.channels),
    output: oddLines(4 * tiles * output.channels),
    kernel: oddLines(4 * input.channels * output.channels),
  }
}

/** An odd number of cache lines: the values of a tile, each in its product, then lie in different sets of the cache. */
const oddLines = (bytes: number) => 64 * (2 * Math.floor(Math.ceil(bytes / 64) / 2) + 1)

/** Scratch: copies of images where they are needed, and the factors or sums of the tiles in work. */
export function winogradBytes(plan: WinogradPlan) {
  const bytes = productBytes(plan)
  const products = factorsOf(plan) ** 2
  const copies = (image: PaddedImage) => (isWithin(image) ? 0 : plan.group * paddedBytes(image))
  return {
    input: copies(plan.input),
    output: copies(plan.output),
    inputFactors: products * bytes.input,
    outputFactors: products * bytes.output,
    kernel: products * bytes.kernel,
  }
}

/**
 * Whether the transforms of 2x2 tiles give the very sums of a direct convolution of integers: inputs up to A and weights up to W make
 * factors up to 4 A and 9/4 W, products summed over c channels up to 9 c A W, and outputs summed over nine of these, all in
 * multiples of 1/4. Below 2^24 quarters f32 holds each of them.
 */
export const isExact2 = (largestInput: number, largestWeight: number, channels: number) =>
  9 * 9 * channels * largestInput * largestWeight * 4 < 2 ** 24

/** The shape whose convolution, with its kernel turned round, is the gradient of this one for its input. */
export function transposedShape({ rows, columns, inputs, outputs }: ConvShape): ConvShape {
  const transposed = (axis: ConvAxis): ConvAxis => ({
    ...axis,
    input: axis.output,
    output: axis.input,
    before: axis.kernel - 1 - axis.before,
  })
  return { rows: transposed(rows), columns: transposed(columns), inputs: outputs, outputs: inputs }
}

function largestDivisor(n: number, most: number): number {
  for (let divisor = Math.min(n, most); divisor > 1; divisor--) if (n % divisor === 0) return divisor
  return 1
}
