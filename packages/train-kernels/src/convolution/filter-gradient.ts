import { type Body, f32x4, func, i32, type Local, select, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { inBlocks, nested, storeFirst, times } from '../blocks.js'
import type { ConvShape } from './conv-shape.js'
import { addOuterProducts } from './outer-products.js'
import { imagesAt, isWithin, layoutOf, type PaddedImage, paddedAxis, paddedBytes, sourceBytes } from './padded-image.js'
import { bestTile } from './tile.js'

/** What the gradient for a convolution's filter needs of scratch memory, and how it goes over the images. */
export interface FilterGradientPlan {
  readonly shape: ConvShape
  readonly image: PaddedImage
  /** The output's gradient; its copy has whole vectors of channels. */
  readonly error: PaddedImage
  /** Images whose sums stay in registers together, so that small images make long sums. */
  readonly group: number
  /** Rows of outputs whose sums do. */
  readonly band: number
}

/** Pixels, at least, after which the sums in registers are added to those in memory. */
const pixelsOfGroup = 64

export function filterGradientPlan(shape: ConvShape): FilterGradientPlan {
  const { rows, columns, inputs, outputs } = shape
  const whole = (length: number) => ({ source: length, before: 0, length })
  return {
    shape,
    image: { rows: paddedAxis(rows), columns: paddedAxis(columns), channels: inputs, stride: inputs },
    error: {
      rows: whole(rows.output),
      columns: whole(columns.output),
      channels: outputs,
      stride: 4 * Math.ceil(outputs / 4),
    },
    group: Math.ceil(pixelsOfGroup / (rows.output * columns.output)),
    // With a stride the pixels of an image lie in every other set of the cache: all rows would not stay in its first level.
    band: rows.stride === 1 ? rows.output : Math.ceil(pixelsOfGroup / columns.output),
  }
}

/** Bytes of scratch: the images of a group, their errors, and the sums where they cannot be gathered in the result itself. */
export const filterGradientBytes = ({ shape, image, error, group }: FilterGradientPlan) => ({
  image: isWithin(image) ? 0 : group * paddedBytes(image),
  error: isWithin(error) ? 0 : group * paddedBytes(error),
  sums: isWithin(error) ? 0 : 4 * shape.rows.kernel * shape.columns.kernel * shape.inputs * error.stride,
})

/**
 * gradient[r, s, i, o] = sum over images n and outputs y, x of input[n, y * stride + r, x * stride + s, i] * error[n, y, x, o]:
 * sums of a group of images in registers, added to those of the groups before.
 */
export const filterGradient = (plan: FilterGradientPlan, madd: MultiplyAdd) =>
  func(
    'conv2dFilterGradient',
    { input: 'i32', error: 'i32', gradient: 'i32', copy: 'i32', batch: 'i32' },
    ({ input, error, gradient, copy, batch }, body) => {
      const { shape, image, error: errorImage, group } = plan
      const { local, advance } = body
      const bytes = filterGradientBytes(plan)
      const depth = shape.rows.kernel * shape.columns.kernel * shape.inputs
      const errorCopy = local(i32.add(copy, bytes.image), 'errorCopy')
      const sums = bytes.sums > 0 ? local(i32.add(errorCopy, bytes.error), 'sums') : gradient
      if (bytes.image > 0) body.fill(copy, 0, bytes.image)
      if (bytes.error > 0) body.fill(errorCopy, 0, bytes.error)
      body.fill(sums, 0, 4 * depth * errorImage.stride)
      const left = local(batch, 'left')
      body.loopWhile(
        () => i32.gtS(left, 0),
        () => {
          const images = local(select(i32.ltS(left, group), left, i32.const(group)), 'images')
          gatherGroup(body, plan, madd, {
            image: imagesAt(body, image, copy, input, images),
            error: imagesAt(body, errorImage, errorCopy, error, images),
            sums,
            images,
          })
          advance(input, i32.mul(images, sourceBytes(image)))
          advance(error, i32.mul(images, sourceBytes(errorImage)))
          left.set(i32.sub(left, images))
        },
      )
      if (bytes.sums > 0) storeCompact(body, sums, gradient, depth, shape.outputs)
    },
  )

interface Group {
  readonly image: Local<'i32'>
  readonly error: Local<'i32'>
  readonly sums: Local<'i32'>
  readonly images: Local<'i32'>
}

/** Goes over the bands of a group of images. */
function gatherGroup(body: Body, plan: FilterGradientPlan, madd: MultiplyAdd, at: Group): void {
  const { local, advance } = body
  const { rows } = plan.shape
  const image = local(at.image, 'bandImage')
  const error = local(at.error, 'bandError')
  inBlocks(body, rows.output, plan.band, (height) => {
    gatherBand(body, plan, madd, height, { ...at, image, error })
    advance(image, height * rows.stride * layoutOf(plan.image).row)
    advance(error, height * layoutOf(plan.error).row)
  })
}

/** Goes over kernel rows, kernel columns with channels, and outputs, in tiles whose sums fit the registers. */
function gatherBand(body: Body, plan: FilterGradientPlan, madd: MultiplyAdd, height: number, at: Group): void {
  const { local, advance } = body
  const { rows, columns, inputs } = plan.shape
  const layout = layoutOf(plan.image)
  const vectors = plan.error.stride / 4
  const sideBySide = columns.kernel === 1 || columns.dilation === 1
  const run = sideBySide ? columns.kernel * inputs : inputs
  const loops = sideBySide ? 1 : columns.kernel
  const tile = gradientTile(run, vectors)
  const tapRow = local(at.image, 'tapRow')
  const sums = local(at.sums, 'sums')
  nested(
    body,
    [
      [rows.kernel, () => advance(tapRow, rows.dilation * layout.row - loops * columns.dilation * layout.pixel)],
      [loops, () => advance(tapRow, columns.dilation * layout.pixel)],
    ],
    () => {
      const tap = local(tapRow, 'tap')
      inBlocks(body, run, tile.channels, (channels) => {
        const error = local(at.error, 'error')
        const sum = local(sums, 'sum')
        inBlocks(body, vectors, tile.vectors, (width) => {
          gatherTile(body, plan, madd, { channels, vectors: width, height }, { ...at, image: tap, error, sums: sum })
          advance(error, 16 * width)
          advance(sum, 16 * width)
        })
        advance(tap, 4 * channels)
        advance(sums, 16 * vectors * channels)
      })
    },
  )
}

interface GradientTile {
  /** Inputs, or inputs and kernel columns that lie side by side. */
  readonly channels: number
  /** Vectors of four outputs. */
  readonly vectors: number
}

/** The tile of a product of run x vectors: what a tile of pixels is to a convolution, a tile of inputs is here. */
function gradientTile(run: number, vectors: number): GradientTile {
  const tile = bestTile(1, run, 4 * vectors)
  return { channels: tile.columns, vectors: tile.vectors }
}

/** Adds the sums of a tile over a band of `height` rows. */
function gatherTile(
  body: Body,
  plan: FilterGradientPlan,
  madd: MultiplyAdd,
  { channels, vectors, height }: GradientTile & { readonly height: number },
  at: Group,
): void {
  const { local, advance } = body
  const { rows, columns } = plan.shape
  const layout = layoutOf(plan.image)
  const errorLayout = layoutOf(plan.error)
  const sums = times(channels, () => times(vectors, () => local(v128.zero)))
  const image = local(at.image, 'image')
  const error = local(at.error, 'error')
  const imageStep = columns.stride * layout.pixel
  const rowStep = rows.stride * layout.row
  body.repeat(at.images, () => {
    nested(body, [[height, () => advance(image, rowStep - columns.output * imageStep)]], () =>
      addOuterProducts(
        body,
        madd,
        sums,
        columns.output,
        { pointer: image, step: imageStep, offsets: times(channels, (c) => 4 * c) },
        { pointer: error, step: errorLayout.pixel },
      ),
    )
    advance(image, layout.image - height * rowStep)
  })
  for (const [c, sum] of sums.entries())
    for (const [v, s] of sum.entries()) {
      const offset = 4 * plan.error.stride * c + 16 * v
      body.store(at.sums, f32x4.add(v128.load(at.sums, offset), s), offset)
    }
}

/** Rows of sums with whole vectors, written without the lanes that no output has. */
function storeCompact(body: Body, sums: Local<'i32'>, gradient: Local<'i32'>, rows: number, outputs: number): void {
  const { local, advance } = body
  const from = local(sums)
  const to = local(gradient)
  body.repeat(rows, () => {
    for (let o = 0; o < outputs; o += 4) storeFirst(body, to, local(v128.load(from, 4 * o)), outputs - o, 4 * o)
    advance(from, 16 * Math.ceil(outputs / 4))
    advance(to, 4 * outputs)
  })
}
