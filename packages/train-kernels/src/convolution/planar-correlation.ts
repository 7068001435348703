import { type Body, i32, type Local, select, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { inBlocks, nested, storeFirst, times } from '../blocks.js'
import { type Correlation, depthOf, type Epilogue, finish, headerVectors, type Pointers } from './correlation.js'
import type { PaddedImage } from './padded-image.js'
import { type PlanarImage, transposed } from './planar-image.js'
import { panelsOf } from './tile.js'

/** Pixels of a block, in two vectors. */
const pixelsOfBlock = 8
/** Below that many products an output the copy by channels costs more than it saves. */
const leastDepth = 32

/**
 * Whether a correlation is better computed with vectors of pixels than of outputs: one vector of outputs would need as many
 * loads as multiply-adds.
 */
export function isPlanar({ rows, columns, outputs, ...c }: Correlation): boolean {
  const unitSteps = [rows, columns].every(
    (axis) => axis.stride === 1 && (axis.taps.spacing === 1 || axis.taps.count === 1),
  )
  return (
    outputs <= 4 &&
    unitSteps &&
    columns.output >= pixelsOfBlock &&
    depthOf({ rows, columns, outputs, ...c }) >= leastDepth
  )
}

/** The copy that such a correlation reads. */
export function planarImage(image: PaddedImage, { columns }: Correlation): PlanarImage {
  const blocks = Math.ceil(columns.output / pixelsOfBlock) * pixelsOfBlock
  return { image, width: Math.max(image.columns.length, columns.taps.first + blocks + columns.taps.count - 1) }
}

/** Writes the loops over one image; each sum goes on as in `correlate`, but for taps in rows of zeros, which are left out. */
export function correlatePlanar(
  body: Body,
  c: Correlation,
  planar: PlanarImage,
  madd: MultiplyAdd,
  epilogue: Epilogue,
  at: Pointers,
): void {
  const { local, advance } = body
  const { taps } = c.rows
  const rowBytes = 4 * planar.width * c.channels
  const tapRowWeights = 16 * c.columns.taps.count * c.channels
  const [panel] = panelsOf(c.outputs, 1)
  const weights = local(i32.add(at.packed, 16 * headerVectors(epilogue, panel!)), 'weights')
  const output = local(at.output, 'output')
  const { before, source } = planar.image.rows
  // Tap r of output row y reads row y + r + taps.first of the copy, which holds values from `before` on.
  const firstRow = local(i32.const(before - taps.first), 'firstRow')
  nested(
    body,
    [
      [
        c.rows.output,
        () => {
          advance(firstRow, -1)
          advance(output, c.outputRow - c.columns.output * c.outputPixel)
        },
      ],
    ],
    () => {
      const from = local(clampTo(firstRow, taps.count), 'from')
      const to = local(clampTo(local(i32.add(firstRow, source)), taps.count), 'to')
      const count = local(i32.sub(to, from), 'count')
      const row = local(i32.add(at.image, i32.mul(i32.add(i32.sub(from, firstRow), before), rowBytes)), 'row')
      advance(row, 4 * c.columns.taps.first)
      const rowWeights = local(i32.add(weights, i32.mul(from, tapRowWeights)), 'rowWeights')
      inBlocks(body, c.columns.output, pixelsOfBlock, (pixels) => {
        const sums = sumsOf(body, c, planar, madd, row, rowWeights, count)
        for (let half = 0; half < 2; half++) {
          const outputs = times(4, (o) => sums[o]?.[half] ?? v128.zero)
          for (const [p, vector] of transposed(body, outputs).entries()) {
            if (4 * half + p >= pixels) continue
            const value = local(vector)
            finish(value, epilogue, panel!, at.packed, 0)
            storeFirst(body, output, value, c.outputs, (4 * half + p) * c.outputPixel)
          }
        }
        advance(row, 4 * pixels)
        advance(output, pixels * c.outputPixel)
      })
    },
  )
}

/** n, but at least 0 and at most `most`. */
function clampTo(n: Local<'i32'>, most: number) {
  const positive = select(i32.gtS(n, 0), n, i32.const(0))
  return select(i32.ltS(n, most), positive, i32.const(most))
}

/** For each output its vectors of pixels. */
function sumsOf(
  body: Body,
  c: Correlation,
  planar: PlanarImage,
  madd: MultiplyAdd,
  row: Local<'i32'>,
  rowWeights: Local<'i32'>,
  count: Local<'i32'>,
): Local<'v128'>[][] {
  const { local, advance } = body
  const sums = times(c.outputs, () => times(2, () => local(v128.zero)))
  const tap = local(row, 'tap')
  const weights = local(rowWeights)
  const planeBytes = 4 * planar.width
  body.when(i32.gtS(count, 0), () =>
    body.repeat(count, () => {
      nested(body, [[c.columns.taps.count, () => advance(tap, 4 - c.channels * planeBytes)]], () =>
        body.repeat(c.channels, () => {
          const pixels = times(2, (half) => local(v128.load(tap, 16 * half)))
          for (const [o, own] of sums.entries()) {
            const weight = local(v128.load32Splat(weights, 4 * o))
            for (const [half, sum] of own.entries()) sum.set(madd(pixels[half]!, weight, sum))
          }
          advance(tap, planeBytes)
          advance(weights, 16)
        }),
      )
      advance(tap, c.channels * planeBytes - 4 * c.columns.taps.count)
    }),
  )
  return sums
}
