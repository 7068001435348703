import { type Body, f32x4, func, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { copyBackImages, imagesAt, isWithin, layoutOf, sourceBytes } from '../convolution/padded-image.js'
import { writeErrors } from './factors.js'
import { factorsOf, productBytes, tilesOf, type WinogradPlan, winogradBytes } from './plan.js'
import { multiply, type WinogradProduct } from './product.js'
import { overGroups, overStrips, overTiles, type Strip } from './tiles.js'
import { type TransformMath, transformMath, transformMatrix, type WinogradTransforms } from './transforms.js'

/** The products of the input gradient: of errors with the kernel's factors, summed over outputs. */
export function inputGradientProduct(plan: WinogradPlan): WinogradProduct {
  const { input, kernel, output } = productBytes(plan)
  return {
    channels: plan.output.channels,
    outputs: plan.input.channels,
    products: factorsOf(plan) ** 2,
    tiles: tilesOf(plan),
    bytes: { factors: output, kernel, sums: input },
  }
}

/**
 * The gradient of a 3x3 convolution for its input by the transposed transforms: each tile of errors adds to a larger one of inputs. With
 * little or no padding that takes fewer tiles than the convolution of the errors that gives the same.
 */
export const winogradInputGradient = (plan: WinogradPlan<WinogradTransforms>, madd: MultiplyAdd) =>
  func(
    'winogradInputGradient',
    { error: 'i32', kernel: 'i32', gradient: 'i32', scratch: 'i32', batch: 'i32' },
    ({ error, kernel, gradient, scratch, batch }, body) => {
      const { local, advance } = body
      const bytes = winogradBytes(plan)
      const math = transformMath(body, plan.transforms, madd)
      const errorCopy = local(i32.add(scratch, bytes.input), 'errorCopy')
      const factors = local(i32.add(errorCopy, bytes.output), 'factors')
      const sums = local(i32.add(factors, bytes.outputFactors), 'sums')
      const inPlace = isWithin(plan.input)
      if (bytes.output > 0) body.fill(errorCopy, 0, bytes.output)
      overGroups(body, plan, batch, (images) => {
        const from = imagesAt(body, plan.output, errorCopy, error, images)
        const gradientBytes = local(i32.mul(images, sourceBytes(plan.input)))
        if (inPlace) body.fill(gradient, 0, gradientBytes)
        else body.fill(scratch, 0, bytes.input)
        const to = local(inPlace ? i32.add(gradient, layoutOf(plan.input).first) : scratch, 'to')
        overStrips(body, plan, images, (strip) => {
          writeErrors(body, math, plan, strip, from, factors)
          multiply(body, inputGradientProduct(plan), madd, strip.tiles, { factors, kernel, sums })
          addGradients(body, math, plan, strip, sums, to)
        })
        if (!inPlace) copyBackImages(body, plan.input, scratch, gradient, images)
        advance(error, i32.mul(images, sourceBytes(plan.output)))
        advance(gradient, gradientBytes)
      })
    },
  )

/** Adds the gradients of a strip's tiles, which overlap. Moves `to` on to the next strip. */
function addGradients(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan<WinogradTransforms>,
  strip: Strip,
  sums: Local<'i32'>,
  to: Local<'i32'>,
): void {
  const { row, pixel } = layoutOf(plan.input)
  const stride = productBytes(plan).input
  const size = factorsOf(plan)
  const from = body.local(sums)
  overTiles(body, plan, strip, plan.input, to, (at) => {
    transformMatrix(
      math,
      plan.transforms.inputGradient,
      size,
      (r, c) => v128.load(from, (size * r + c) * stride),
      (r, c, value) => {
        const offset = r * row + c * pixel
        body.store(at, f32x4.add(v128.load(at, offset), value), offset)
      },
    )
    body.advance(from, 16)
  })
}
