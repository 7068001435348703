import { panelWidths, type Tile } from '../kernels/tile.js'

/** Weights by position along the taps of a pixel and by filter, row-major. */
export interface WeightMatrix {
  readonly positions: number
  readonly filters: number
  readonly values: Int16Array
}

/**
 * Weights in the order in which `tileSums` reads them: panels of a tile's vectors, then steps along the taps, then filters, then
 * the channels of a lane. What is missing of whole vectors of filters, and of `filledTo` positions, is 0.
 */
export function packPanels(
  { positions, filters, values }: WeightMatrix,
  tile: Tile,
  { group, bytes }: { readonly group: number; readonly bytes: 1 | 2 },
  filledTo = positions,
): Uint8Array {
  const vectors = Math.ceil(filters / 4)
  const packed = bytes === 1 ? new Int8Array(vectors * 4 * filledTo) : new Int16Array(vectors * 4 * filledTo)
  let panel = 0
  let first = 0
  for (const width of panelWidths(vectors, tile)) {
    const step = 4 * width * group
    for (let filter = first; filter < Math.min(first + 4 * width, filters); filter++) {
      let to = panel + (filter - first) * group
      let from = filter
      for (let position = 0; position < positions; position += group) {
        for (let lane = 0; lane < group && position + lane < positions; lane++) {
          packed[to + lane] = values[from]!
          from += filters
        }
        to += step
      }
    }
    panel += 4 * width * filledTo
    first += 4 * width
  }
  return new Uint8Array(packed.buffer)
}
