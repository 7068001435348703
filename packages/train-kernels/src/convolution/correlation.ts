import { type Body, f32x4, i32, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { inBlocks, nested, storeFirst, times } from '../blocks.js'
import { addOuterProducts } from './outer-products.js'
import type { ImageLayout } from './padded-image.js'
import { bestTile, type Panels, panelsOf, type Tile } from './tile.js'

/** Where an output's taps lie in one direction, in pixels of the image from `output * stride`. */
export interface Taps {
  readonly first: number
  readonly count: number
  readonly spacing: number
}

export interface CorrelationAxis {
  readonly output: number
  readonly stride: number
  readonly taps: Taps
}

/**
 * output[y, x, o] = sum over taps r, s and channels i of image[y * stride + r, x * stride + s, i] * filter[r, s, i, o]:
 * the inner loops of a convolution and of its gradient for the input, over one image.
 */
export interface Correlation {
  readonly image: ImageLayout
  readonly rows: CorrelationAxis
  readonly columns: CorrelationAxis
  /** Floats summed over at each tap. */
  readonly channels: number
  readonly outputs: number
  /** Bytes between the outputs of neighbouring rows and columns. */
  readonly outputRow: number
  readonly outputPixel: number
}

/** What happens to a sum before it is stored, in this order. Biases and scales stand in the packed filter. */
export interface Epilogue {
  readonly bias: boolean
  readonly scale: boolean
  readonly activation: 'linear' | 'relu' | 'relu6'
}

/** A key that tells epilogues apart. */
export const epilogueKey = ({ bias, scale, activation }: Epilogue) =>
  `${bias ? 'bias ' : ''}${scale ? 'scale ' : ''}${activation}`

export const noEpilogue: Epilogue = { bias: false, scale: false, activation: 'linear' }

/** The tile in which a correlation goes over its outputs; its filter is packed in panels as wide. */
export const tileOf = (c: Correlation): Tile => bestTile(c.rows.output, c.columns.output, c.outputs)

/** Vectors before the weights of a panel: its biases, then its scales. */
export const headerVectors = (epilogue: Epilogue, panel: Panels) =>
  panel.vectors * (Number(epilogue.bias) + Number(epilogue.scale))

/** Bytes of one panel of the packed filter. */
export const panelBytes = (depth: number, epilogue: Epilogue, panel: Panels) =>
  16 * (headerVectors(epilogue, panel) + depth * panel.vectors)

/** Products summed for one output. */
export const depthOf = (c: Correlation) => c.rows.taps.count * c.columns.taps.count * c.channels

/** How much of image and outputs all panels go over before the next part comes: it should stay in the second-level cache. */
const bandBytes = 1 << 18

/** Where one image, the packed filter and the outputs begin. */
export interface Pointers {
  readonly image: Local<'i32'>
  readonly packed: Local<'i32'>
  readonly output: Local<'i32'>
}

/** Writes the loops over one image: each sum starts at +0 and takes tap rows, tap columns and channels in ascending order. */
export function correlate(body: Body, c: Correlation, madd: MultiplyAdd, epilogue: Epilogue, at: Pointers): void {
  const { local, advance } = body
  const tile = tileOf(c)
  const firstTap = c.rows.taps.first * c.image.row + c.columns.taps.first * c.image.pixel
  const rowBytes = c.rows.stride * c.image.row + c.outputs * 4 * c.columns.output
  const bandRows = Math.min(c.rows.output, Math.max(1, Math.floor(bandBytes / rowBytes / tile.rows)) * tile.rows)
  const image = local(i32.add(at.image, firstTap), 'bandImage')
  const bandOutput = local(at.output, 'bandOutput')
  inBlocks(body, c.rows.output, bandRows, (height) => {
    const packed = local(at.packed, 'panel')
    const output = local(bandOutput, 'panelOutput')
    for (const panel of panelsOf(c.outputs, tile.vectors)) {
      const next = () => {
        advance(packed, panelBytes(depthOf(c), epilogue, panel))
        advance(output, 16 * panel.vectors)
      }
      nested(body, [[panel.count, next]], () =>
        correlatePanel(body, { c, madd, epilogue, tile, panel }, height, { image, packed, output }),
      )
    }
    advance(image, height * c.rows.stride * c.image.row)
    advance(bandOutput, height * c.outputRow)
  })
}

/** What is computed for one panel of outputs. */
interface PanelWork {
  readonly c: Correlation
  readonly madd: MultiplyAdd
  readonly epilogue: Epilogue
  readonly tile: Tile
  readonly panel: Panels
}

function correlatePanel(body: Body, work: PanelWork, height: number, at: Pointers): void {
  const { local, advance } = body
  const { c, epilogue, tile, panel } = work
  const row = local(at.image, 'row')
  const outputRow = local(at.output, 'outputRow')
  inBlocks(body, height, tile.rows, (rows) => {
    const pixel = local(row, 'pixel')
    const output = local(outputRow, 'output')
    inBlocks(body, c.columns.output, tile.columns, (columns) => {
      const pixels = times(rows * columns, (p) => ({ y: Math.floor(p / columns), x: p % columns }))
      for (const [p, vectors] of sumsOf(body, work, pixels, pixel, at.packed).entries()) {
        const offset = pixels[p]!.y * c.outputRow + pixels[p]!.x * c.outputPixel
        for (const [v, sum] of vectors.entries()) {
          finish(sum, epilogue, panel, at.packed, v)
          storeFirst(body, output, sum, v === panel.vectors - 1 ? panel.lanes : 4, offset + 16 * v)
        }
      }
      advance(pixel, columns * c.columns.stride * c.image.pixel)
      advance(output, columns * c.outputPixel)
    })
    advance(row, rows * c.rows.stride * c.image.row)
    advance(outputRow, rows * c.outputRow)
  })
}

/** The sums of a tile: for each pixel its vectors. */
function sumsOf(
  body: Body,
  { c, madd, epilogue, panel }: PanelWork,
  pixels: readonly { y: number; x: number }[],
  image: Local<'i32'>,
  packed: Local<'i32'>,
): Local<'v128'>[][] {
  const { local, advance } = body
  const { vectors } = panel
  const sums = pixels.map(() => times(vectors, () => local(v128.zero)))
  if (depthOf(c) === 0) return sums
  const offsets = pixels.map(({ y, x }) => y * c.rows.stride * c.image.row + x * c.columns.stride * c.image.pixel)
  const { run, loops } = depthLoops(c)
  const weights = local(i32.add(packed, 16 * headerVectors(epilogue, panel)), 'weights')
  const tap = local(image, 'tap')
  const advances = loops.map(({ count, bytes, inner }) => [count, () => advance(tap, bytes - inner)] as const)
  nested(body, advances, () =>
    addOuterProducts(
      body,
      madd,
      sums,
      run,
      { pointer: tap, step: 4, offsets },
      { pointer: weights, step: 16 * vectors },
    ),
  )
  return sums
}

interface DepthLoop {
  readonly count: number
  /** Bytes from turn to turn, and bytes by which a turn's own loops have already moved on. */
  readonly bytes: number
  readonly inner: number
}

/** The taps as loops around a run of floats that lie side by side. */
function depthLoops(c: Correlation): { run: number; loops: DepthLoop[] } {
  const { rows, columns } = c
  const rowBytes = rows.taps.spacing * c.image.row
  const pixelBytes = columns.taps.spacing * c.image.pixel
  const sideBySide = columns.taps.count === 1 || pixelBytes === 4 * c.channels
  const run = sideBySide ? columns.taps.count * c.channels : c.channels
  if (sideBySide) return { run, loops: [{ count: rows.taps.count, bytes: rowBytes, inner: 4 * run }] }
  return {
    run,
    loops: [
      { count: rows.taps.count, bytes: rowBytes, inner: columns.taps.count * pixelBytes },
      { count: columns.taps.count, bytes: pixelBytes, inner: 4 * run },
    ],
  }
}

/** Bias, scale and activation of a vector of outputs. */
export function finish(sum: Local<'v128'>, epilogue: Epilogue, panel: Panels, packed: Local<'i32'>, v: number): void {
  const header = (part: number): V128 => v128.load(packed, 16 * (part * panel.vectors + v))
  if (epilogue.bias) sum.set(f32x4.add(sum, header(0)))
  if (epilogue.scale) sum.set(f32x4.mul(sum, header(epilogue.bias ? 1 : 0)))
  if (epilogue.activation !== 'linear') sum.set(activated(sum, epilogue))
}

/** NaN stays NaN. */
export function activated(x: V128, { activation }: Epilogue): V128 {
  if (activation === 'linear') return x
  const positive = f32x4.pmax(x, 0)
  return activation === 'relu' ? positive : f32x4.pmin(positive, 6)
}
