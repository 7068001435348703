import { type Body, f32x4, func, i32, type Local, select, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from './arithmetic.js'
import { loadStrided, nested, times } from './blocks.js'
import { copyBack, imagesAt, isWithin, layoutOf, paddedBytes, sourceBytes } from './padded-image.js'
import { panelsOf } from './tile.js'
import { copiesOf, productBytes, type WinogradPlan } from './winograd-plan.js'
import { overStrips, overTiles, type Strip } from './winograd-tiles.js'
import { products, transformInput, transformKernel, transformOutput } from './winograd-transforms.js'

/** How a filter is read: bytes between neighbouring kernel rows, columns, channels summed over and outputs. */
export interface KernelOrder {
  readonly row: number
  readonly column: number
  readonly channel: number
  readonly output: number
  /** Whether the kernel is turned round, its last tap first. */
  readonly turned: boolean
}

/** Vectors of outputs in a panel of factors, and tiles whose sums stay in registers with it. */
const panelVectors = 2
const tilesAtOnce = 4

/** Bytes of a transformed filter. */
export const kernelFactorBytes = (plan: WinogradPlan) => products * productBytes(plan).kernel

/** Scratch of the convolution: copies of images, factors and sums of the tiles in work. */
export function winogradBytes(plan: WinogradPlan) {
  const bytes = productBytes(plan)
  return {
    input: copiesOf(plan.input, plan.group),
    output: copiesOf(plan.output, plan.group),
    factors: products * bytes.input,
    sums: products * bytes.output,
  }
}

/** Transforms a filter: for each product panels of outputs, in each the channels summed over. */
export const transformFilter = (plan: WinogradPlan, order: KernelOrder) =>
  func('transformFilter', { filter: 'i32', factors: 'i32' }, ({ filter, factors }, body) => {
    const { local, advance } = body
    const { input, output } = plan
    const tapOffset = (row: number, column: number) =>
      order.turned ? (2 - row) * order.row + (2 - column) * order.column : row * order.row + column * order.column
    for (const { count, vectors } of panelsOf(output.channels, panelVectors))
      nested(body, [[count, () => advance(filter, 4 * vectors * order.output)]], () => {
        const channel = local(filter)
        nested(body, [[input.channels, () => advance(channel, order.channel)]], () => {
          for (let v = 0; v < vectors; v++)
            transformKernel(
              body,
              (row, column) => loadStrided(channel, 4, order.output, tapOffset(row, column) + 4 * v * order.output),
              (index, value) => body.store(factors, value, index * productBytes(plan).kernel + 16 * v),
            )
          advance(factors, 16 * vectors)
        })
      })
  })

/** output = convolution with a transformed filter, for `affine` then (sum + bias) * scale; batch >= 1 images. */
export const winogradConvolution = (plan: WinogradPlan, madd: MultiplyAdd, affine: boolean) =>
  func(
    'winogradConvolution',
    { input: 'i32', kernel: 'i32', output: 'i32', scratch: 'i32', batch: 'i32', bias: 'i32', scale: 'i32' },
    ({ input, kernel, output, scratch, batch, bias, scale }, body) => {
      const { local, advance } = body
      const bytes = winogradBytes(plan)
      const outputCopy = local(i32.add(scratch, bytes.input), 'outputCopy')
      const factors = local(i32.add(outputCopy, bytes.output), 'factors')
      const sums = local(i32.add(factors, bytes.factors), 'sums')
      const outputInPlace = isWithin(plan.output)
      if (bytes.input > 0) body.fill(scratch, 0, bytes.input)
      body.loopWhile(
        () => i32.gtS(batch, 0),
        () => {
          const images = local(select(i32.ltS(batch, plan.group), batch, i32.const(plan.group)), 'images')
          const from = imagesAt(body, plan.input, scratch, input, images)
          const to = local(outputInPlace ? output : outputCopy, 'to')
          overStrips(body, plan, images, (strip) => {
            writeFactors(body, plan, strip, from, factors)
            multiply(body, plan, madd, strip, { factors, kernel, sums })
            writeOutputs(body, plan, strip, sums, to, affine ? { bias, scale } : undefined)
          })
          if (!outputInPlace) {
            const copied = local(outputCopy)
            const image = local(output)
            body.repeat(images, () => {
              copyBack(body, plan.output, copied, image)
              advance(copied, paddedBytes(plan.output))
              advance(image, sourceBytes(plan.output))
            })
          }
          advance(input, i32.mul(images, sourceBytes(plan.input)))
          advance(output, i32.mul(images, sourceBytes(plan.output)))
          batch.set(i32.sub(batch, images))
        },
      )
    },
  )

/** Factors of a strip's inputs: for each product the tiles, in each the channels. Moves `from` on to the next strip. */
export function writeFactors(
  body: Body,
  plan: WinogradPlan,
  strip: Strip,
  from: Local<'i32'>,
  factors: Local<'i32'>,
): void {
  const { row, pixel } = layoutOf(plan.input)
  const stride = productBytes(plan).input
  const to = body.local(factors)
  overTiles(body, plan, strip, plan.input, from, (at) => {
    transformInput(
      body,
      (r, c) => v128.load(at, r * row + c * pixel),
      (index, value) => body.store(to, value, index * stride),
    )
    body.advance(to, 16)
  })
}

interface Product {
  readonly factors: Local<'i32'>
  readonly kernel: Local<'i32'>
  readonly sums: Local<'i32'>
}

/** For each of the 16 products: sums [tiles, outputs] = factors [tiles, channels] times kernel [channels, outputs]. */
function multiply(body: Body, plan: WinogradPlan, madd: MultiplyAdd, strip: Strip, at: Product): void {
  const { local, advance } = body
  const [channels, outputs] = [plan.input.channels, plan.output.channels]
  const bytes = productBytes(plan)
  const factors = local(at.factors, 'productFactors')
  const sums = local(at.sums, 'productSums')
  const panel = local(at.kernel, 'panel')
  const nextProduct = () => {
    advance(factors, bytes.input)
    advance(sums, bytes.output)
    advance(panel, bytes.kernel - 4 * channels * outputs)
  }
  const blocks = local(i32.shrU(strip.tiles, 2), 'blocks')
  const rest = local(i32.and(strip.tiles, 3), 'rest')
  nested(body, [[products, nextProduct]], () => {
    const panelSums = local(sums, 'panelSums')
    for (const { count, vectors } of panelsOf(outputs, panelVectors)) {
      const nextPanel = () => {
        advance(panel, 16 * channels * vectors)
        advance(panelSums, 16 * vectors)
      }
      nested(body, [[count, nextPanel]], () => {
        const tile = local(factors, 'tile')
        const sum = local(panelSums, 'sum')
        const rows = (turns: Local<'i32'>, size: number) =>
          body.when(turns, () =>
            body.repeat(turns, () => {
              multiplyTiles(body, madd, { size, vectors, channels, outputs }, tile, panel, sum)
              advance(tile, 4 * size * channels)
              advance(sum, 4 * size * outputs)
            }),
          )
        rows(blocks, tilesAtOnce)
        rows(rest, 1)
      })
    }
  })
}

function multiplyTiles(
  body: Body,
  madd: MultiplyAdd,
  { size, vectors, channels, outputs }: Record<'size' | 'vectors' | 'channels' | 'outputs', number>,
  factors: Local<'i32'>,
  kernel: Local<'i32'>,
  sums: Local<'i32'>,
): void {
  const { local, advance } = body
  const tiles = times(size, () => times(vectors, () => local(v128.zero)))
  const factor = local(factors)
  const weights = local(kernel)
  body.repeat(channels, () => {
    const weight = times(vectors, (v) => local(v128.load(weights, 16 * v)))
    for (const [t, tile] of tiles.entries()) {
      const one = local(v128.load32Splat(factor, 4 * t * channels))
      for (const [v, sum] of tile.entries()) sum.set(madd(one, weight[v]!, sum))
    }
    advance(factor, 4)
    advance(weights, 16 * vectors)
  })
  for (const [t, tile] of tiles.entries())
    for (const [v, sum] of tile.entries()) body.store(sums, sum, 4 * t * outputs + 16 * v)
}

/** Outputs of a strip from its sums. Moves `to` on to the next strip. */
function writeOutputs(
  body: Body,
  plan: WinogradPlan,
  strip: Strip,
  sums: Local<'i32'>,
  to: Local<'i32'>,
  affine: { bias: Local<'i32'>; scale: Local<'i32'> } | undefined,
): void {
  const { local, advance } = body
  const { row, pixel } = layoutOf(plan.output)
  const [stride, channels] = [productBytes(plan).output, plan.output.channels]
  const from = local(sums)
  const channel = local(i32.const(0), 'channel')
  overTiles(body, plan, strip, plan.output, to, (at) => {
    transformOutput(
      body,
      (index) => v128.load(from, index * stride),
      (r, c, value) => {
        const sum = affine
          ? f32x4.mul(
              f32x4.add(value, v128.load(i32.add(affine.bias, channel))),
              v128.load(i32.add(affine.scale, channel)),
            )
          : value
        body.store(at, sum, r * row + c * pixel)
      },
    )
    advance(from, 16)
    if (affine) {
      advance(channel, 16)
      channel.set(select(i32.eq(channel, 4 * channels), i32.const(0), channel))
    }
  })
}
