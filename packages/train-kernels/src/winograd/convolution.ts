import { type Body, f32x4, func, i32, type Local, select, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { activated, type Epilogue } from '../convolution/correlation.js'
import { copyBackImages, imagesAt, isWithin, layoutOf, sourceBytes } from '../convolution/padded-image.js'
import { writeFactors } from './factors.js'
import { factorsOf, productBytes, tilesOf, type WinogradPlan, winogradBytes } from './plan.js'
import { multiply, type WinogradProduct } from './product.js'
import { overGroups, overStrips, overTiles, type Strip } from './tiles.js'
import { type TransformMath, transformMath } from './transforms.js'

/** The products of the convolution. */
export function forwardProduct(plan: WinogradPlan): WinogradProduct {
  const { input, kernel, output } = productBytes(plan)
  return {
    channels: plan.input.channels,
    outputs: plan.output.channels,
    products: factorsOf(plan) ** 2,
    tiles: tilesOf(plan),
    bytes: { factors: input, kernel, sums: output },
  }
}

/** output = convolution with a transformed filter and its epilogue; batch >= 1 images. */
export const winogradConvolution = (plan: WinogradPlan, madd: MultiplyAdd, epilogue: Epilogue) =>
  func(
    'winogradConvolution',
    { input: 'i32', kernel: 'i32', output: 'i32', scratch: 'i32', batch: 'i32', bias: 'i32', scale: 'i32' },
    ({ input, kernel, output, scratch, batch, bias, scale }, body) => {
      const { local, advance } = body
      const bytes = winogradBytes(plan)
      const math = transformMath(body, plan.transforms, madd)
      const outputCopy = local(i32.add(scratch, bytes.input), 'outputCopy')
      const factors = local(i32.add(outputCopy, bytes.output), 'factors')
      const sums = local(i32.add(factors, bytes.inputFactors), 'sums')
      const inPlace = isWithin(plan.output)
      if (bytes.input > 0) body.fill(scratch, 0, bytes.input)
      overGroups(body, plan, batch, (images) => {
        const from = imagesAt(body, plan.input, scratch, input, images)
        const to = local(inPlace ? output : outputCopy, 'to')
        overStrips(body, plan, images, (strip) => {
          writeFactors(body, math, plan, strip, from, factors)
          multiply(body, forwardProduct(plan), madd, strip.tiles, { factors, kernel, sums })
          writeOutputs(body, math, plan, strip, sums, to, epilogue, { bias, scale })
        })
        if (!inPlace) copyBackImages(body, plan.output, outputCopy, output, images)
        advance(input, i32.mul(images, sourceBytes(plan.input)))
        advance(output, i32.mul(images, sourceBytes(plan.output)))
      })
    },
  )

/** Outputs of a strip from its sums. Moves `to` on to the next strip. */
function writeOutputs(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan,
  strip: Strip,
  sums: Local<'i32'>,
  to: Local<'i32'>,
  epilogue: Epilogue,
  given: { readonly bias: Local<'i32'>; readonly scale: Local<'i32'> },
): void {
  const { local, advance } = body
  const { row, pixel } = layoutOf(plan.output)
  const stride = productBytes(plan).output
  const size = factorsOf(plan)
  const from = local(sums)
  const channel = local(i32.const(0), 'channel')
  overTiles(body, plan, strip, plan.output, to, (at) => {
    const vector = (values: Local<'i32'>) => local(v128.load(i32.add(values, channel)))
    const bias = epilogue.bias && vector(given.bias)
    const scale = epilogue.scale && vector(given.scale)
    plan.transforms.output(
      math,
      (r, c) => v128.load(from, (size * r + c) * stride),
      (r, c, sum) => {
        const raised = bias ? f32x4.add(sum, bias) : sum
        const scaled = scale ? f32x4.mul(raised, scale) : raised
        body.store(at, activated(scaled, epilogue), r * row + c * pixel)
      },
    )
    advance(from, 16)
    if (!bias && !scale) return
    advance(channel, 16)
    channel.set(select(i32.eq(channel, 4 * plan.output.channels), i32.const(0), channel))
  })
}
