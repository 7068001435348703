import { type Body, func, i32, type Local } from '@lowbit/wasm-emit'
import { loadStrided, nested } from '../blocks.js'
import { type Epilogue, headerVectors, panelBytes } from './correlation.js'
import { type Panels, panelsOf } from './tile.js'

/** Which taps of a kernel's axis go into the packed filter: first, first + step, ... */
export interface TapOrder {
  readonly first: number
  readonly count: number
  readonly step: number
}

/** A part of an HWIO filter as the inner loops read it: panels of outputs, in each the taps, in each the channels summed over. */
export interface FilterPacking {
  readonly rows: TapOrder
  readonly columns: TapOrder
  readonly channels: number
  readonly outputs: number
  /** Bytes in the filter between neighbouring kernel rows, columns, channels summed over, and outputs. */
  readonly strides: { readonly row: number; readonly column: number; readonly channel: number; readonly output: number }
  /** Vectors of outputs of a panel. */
  readonly vectors: number
  readonly epilogue: Epilogue
}

/** Bytes of the packed filter. */
export const packedBytes = (p: FilterPacking) =>
  panelsOf(p.outputs, p.vectors).reduce(
    (sum, panel) => sum + panel.count * panelBytes(depthOf(p), p.epilogue, panel),
    0,
  )

/** Packs parts of a filter one behind the other, each panel with its biases and scales in front; lanes without an output are zero. */
export const packFilter = (packings: readonly FilterPacking[]) =>
  func(
    'packFilter',
    { filter: 'i32', bias: 'i32', scale: 'i32', packed: 'i32' },
    ({ filter, bias, scale, packed }, body) => {
      const { local, advance } = body
      for (const p of packings) {
        const panelFilter = local(i32.add(filter, p.rows.first * p.strides.row + p.columns.first * p.strides.column))
        const panelBias = local(bias)
        const panelScale = local(scale)
        for (const panel of panelsOf(p.outputs, p.vectors)) {
          const next = () => {
            advance(panelFilter, 4 * panel.vectors * p.strides.output)
            advance(panelBias, 16 * panel.vectors)
            advance(panelScale, 16 * panel.vectors)
          }
          nested(body, [[panel.count, next]], () =>
            packPanel(body, p, panel, panelFilter, panelBias, panelScale, packed),
          )
        }
      }
    },
  )

const depthOf = ({ rows, columns, channels }: FilterPacking) => rows.count * columns.count * channels

function packPanel(
  body: Body,
  { rows, columns, channels, strides, epilogue }: FilterPacking,
  panel: Panels,
  filter: Local<'i32'>,
  bias: Local<'i32'>,
  scale: Local<'i32'>,
  packed: Local<'i32'>,
): void {
  const { local, advance } = body
  const header = [...(epilogue.bias ? [bias] : []), ...(epilogue.scale ? [scale] : [])]
  for (const [i, values] of header.entries()) writeVectors(body, panel, values, 4, packed, 16 * i * panel.vectors)
  advance(packed, 16 * headerVectors(epilogue, panel))
  if (rows.count * columns.count === 0) return
  const tap = local(filter)
  nested(
    body,
    [
      [rows.count, () => advance(tap, rows.step * strides.row - columns.count * columns.step * strides.column)],
      [columns.count, () => advance(tap, columns.step * strides.column - channels * strides.channel)],
      [channels, () => advance(tap, strides.channel)],
    ],
    () => {
      writeVectors(body, panel, tap, strides.output, packed, 0)
      advance(packed, 16 * panel.vectors)
    },
  )
}

/** Writes a panel's width of values that lie `stride` bytes apart. */
function writeVectors(
  body: Body,
  panel: Panels,
  from: Local<'i32'>,
  stride: number,
  to: Local<'i32'>,
  offset: number,
): void {
  for (let v = 0; v < panel.vectors; v++) {
    const lanes = v === panel.vectors - 1 ? panel.lanes : 4
    body.store(to, loadStrided(from, lanes, stride, 4 * v * stride), offset + 16 * v)
  }
}
