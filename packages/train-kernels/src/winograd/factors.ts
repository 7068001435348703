import { type Body, type Local, v128 } from '@lowbit/wasm-emit'
import { layoutOf, type PaddedImage } from '../convolution/padded-image.js'
import { factorsOf, productBytes, type WinogradPlan } from './plan.js'
import { overTiles, type Strip } from './tiles.js'
import { type Line, type TransformMath, transformMatrix, type WinogradTransforms } from './transforms.js'

/** Factors of a strip's inputs: for each product the tiles, in each the channels. Moves `from` on to the next strip. */
export function writeFactors(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan,
  strip: Strip,
  from: Local<'i32'>,
  factors: Local<'i32'>,
): void {
  const tile = { image: plan.input, line: plan.transforms.input, size: factorsOf(plan) }
  writeTransformed(body, math, plan, strip, tile, from, { at: factors, stride: productBytes(plan).input })
}

/** The same of the errors of a strip's outputs. */
export function writeErrors(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan<WinogradTransforms>,
  strip: Strip,
  from: Local<'i32'>,
  errors: Local<'i32'>,
): void {
  const tile = { image: plan.output, line: plan.transforms.error, size: plan.transforms.tile }
  writeTransformed(body, math, plan, strip, tile, from, { at: errors, stride: productBytes(plan).output })
}

/** Transforms the tiles of an image, `size` pixels a side; `stride` is from product to product in bytes. */
function writeTransformed(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan,
  strip: Strip,
  tile: { readonly image: PaddedImage; readonly line: Line; readonly size: number },
  from: Local<'i32'>,
  factors: { readonly at: Local<'i32'>; readonly stride: number },
): void {
  const { row, pixel } = layoutOf(tile.image)
  const size = factorsOf(plan)
  const to = body.local(factors.at)
  overTiles(body, plan, strip, tile.image, from, (at) => {
    transformMatrix(
      math,
      tile.line,
      tile.size,
      (r, c) => v128.load(at, r * row + c * pixel),
      (r, c, value) => body.store(to, value, (size * r + c) * factors.stride),
    )
    body.advance(to, 16)
  })
}
