import { type Body, f32x4, func, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { inBlocks, nested, times } from '../blocks.js'
import { addOuterProducts } from '../convolution/outer-products.js'
import { imagesAt, sourceBytes } from '../convolution/padded-image.js'
import { bestTile } from '../convolution/tile.js'
import { writeErrors, writeFactors } from './factors.js'
import { factorsOf, productBytes, type WinogradPlan, winogradBytes } from './plan.js'
import { overGroups, overStrips, type Strip } from './tiles.js'
import { type TransformMath, transformMath, transformMatrix, type WinogradTransforms } from './transforms.js'

/**
 * The gradient of a 3x3 convolution for its filter by the transposed transforms: for each product the sums over all tiles of
 * input factors times error factors, and at the end the 9 taps from these.
 */
export const winogradFilterGradient = (plan: WinogradPlan<WinogradTransforms>, madd: MultiplyAdd) =>
  func(
    'winogradFilterGradient',
    { input: 'i32', error: 'i32', gradient: 'i32', scratch: 'i32', batch: 'i32' },
    ({ input, error, gradient, scratch, batch }, body) => {
      const { local, advance } = body
      const bytes = winogradBytes(plan)
      const math = transformMath(body, plan.transforms, madd)
      const errorCopy = local(i32.add(scratch, bytes.input), 'errorCopy')
      const factors = local(i32.add(errorCopy, bytes.output), 'factors')
      const errors = local(i32.add(factors, bytes.inputFactors), 'errors')
      const sums = local(i32.add(errors, bytes.outputFactors), 'sums')
      if (bytes.input + bytes.output > 0) body.fill(scratch, 0, bytes.input + bytes.output)
      body.fill(sums, 0, bytes.kernel)
      overGroups(body, plan, batch, (images) => {
        const from = imagesAt(body, plan.input, scratch, input, images)
        const errorsFrom = imagesAt(body, plan.output, errorCopy, error, images)
        overStrips(body, plan, images, (strip) => {
          writeFactors(body, math, plan, strip, from, factors)
          writeErrors(body, math, plan, strip, errorsFrom, errors)
          gather(body, plan, madd, strip, { factors, errors, sums })
        })
        advance(input, i32.mul(images, sourceBytes(plan.input)))
        advance(error, i32.mul(images, sourceBytes(plan.output)))
      })
      writeGradient(body, math, plan, sums, gradient)
    },
  )

interface Gathering {
  readonly factors: Local<'i32'>
  readonly errors: Local<'i32'>
  readonly sums: Local<'i32'>
}

/** For each product: sums [channels, outputs] += factors [tiles, channels] transposed times errors [tiles, outputs]. */
function gather(body: Body, plan: WinogradPlan, madd: MultiplyAdd, strip: Strip, at: Gathering): void {
  const { local, advance } = body
  const [channels, outputs] = [plan.input.channels, plan.output.channels]
  const bytes = productBytes(plan)
  const tile = bestTile(1, channels, outputs)
  const factors = local(at.factors, 'productFactors')
  const errors = local(at.errors, 'productErrors')
  const sums = local(at.sums, 'sums')
  const nextProduct = () => {
    advance(factors, bytes.input - 4 * channels)
    advance(errors, bytes.output)
    advance(sums, bytes.kernel - 4 * channels * outputs)
  }
  nested(body, [[factorsOf(plan) ** 2, nextProduct]], () =>
    inBlocks(body, channels, tile.columns, (size) => {
      const column = local(errors, 'column')
      inBlocks(body, outputs / 4, tile.vectors, (vectors) => {
        gatherTile(body, madd, { size, vectors, channels, outputs }, strip.tiles, factors, column, sums)
        advance(column, 16 * vectors)
        advance(sums, 16 * vectors)
      })
      advance(factors, 4 * size)
      advance(sums, 4 * (size - 1) * outputs)
    }),
  )
}

function gatherTile(
  body: Body,
  madd: MultiplyAdd,
  { size, vectors, channels, outputs }: Record<'size' | 'vectors' | 'channels' | 'outputs', number>,
  tiles: Local<'i32'>,
  factors: Local<'i32'>,
  errors: Local<'i32'>,
  sums: Local<'i32'>,
): void {
  const { local } = body
  const tile = times(size, () => times(vectors, () => local(v128.zero)))
  addOuterProducts(
    body,
    madd,
    tile,
    tiles,
    { pointer: local(factors), step: 4 * channels, offsets: times(size, (c) => 4 * c) },
    { pointer: local(errors), step: 4 * outputs },
  )
  for (const [c, row] of tile.entries())
    for (const [v, sum] of row.entries()) {
      const offset = 4 * c * outputs + 16 * v
      body.store(sums, f32x4.add(v128.load(sums, offset), sum), offset)
    }
}

/** The 9 taps of each channel and output from the sums of the products. */
function writeGradient(
  body: Body,
  math: TransformMath,
  plan: WinogradPlan<WinogradTransforms>,
  sums: Local<'i32'>,
  gradient: Local<'i32'>,
): void {
  const tapBytes = 4 * plan.input.channels * plan.output.channels
  const { kernel: stride } = productBytes(plan)
  const size = factorsOf(plan)
  const from = body.local(sums)
  const to = body.local(gradient)
  body.repeat(tapBytes / 16, () => {
    transformMatrix(
      math,
      plan.transforms.kernelGradient,
      size,
      (r, c) => v128.load(from, (size * r + c) * stride),
      (row, column, value) => body.store(to, value, (3 * row + column) * tapBytes),
    )
    body.advance(from, 16)
    body.advance(to, 16)
  })
}
