import { type Body, type Local, v128 } from '@lowbit/wasm-emit'
import { layoutOf } from '../convolution/padded-image.js'
import { factorsOf, productBytes, type WinogradPlan } from './plan.js'
import { overTiles, type Strip } from './tiles.js'
import { type TransformMath, transformMatrix, type WinogradTransforms } from './transforms.js'

/** Factors of a strip's inputs: for each product the tiles, in each the channels. Moves `from` on to the next strip. */
export function writeFactors(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan,
  strip: Strip,
  from: Local<'i32'>,
  factors: Local<'i32'>,
): void {
  const { row, pixel } = layoutOf(plan.input)
  const stride = productBytes(plan).input
  const size = factorsOf(plan)
  const to = body.local(factors)
  overTiles(body, plan, strip, plan.input, from, (at) => {
    transformMatrix(
      math,
      plan.transforms.input,
      size,
      (r, c) => v128.load(at, r * row + c * pixel),
      (r, c, value) => body.store(to, value, (size * r + c) * stride),
    )
    body.advance(to, 16)
  })
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
  const { row, pixel } = layoutOf(plan.output)
  const stride = productBytes(plan).output
  const size = factorsOf(plan)
  const to = body.local(errors)
  overTiles(body, plan, strip, plan.output, from, (at) => {
    transformMatrix(
      math,
      plan.transforms.error,
      plan.transforms.tile,
      (r, c) => v128.load(at, r * row + c * pixel),
      (r, c, value) => body.store(to, value, (size * r + c) * stride),
    )
    body.advance(to, 16)
  })
}
