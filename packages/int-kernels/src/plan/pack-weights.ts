import { panelWidths } from '../kernels/direct-convolution.js'
import type { Tile } from '../kernels/tile-sums.js'

/**
 * Weights in the order in which `tileSums` reads them: panels of a tile's vectors, then steps along the taps, then filters, then
 * the channels of a lane.
 * @param weightAt the weight of a filter for a position along the taps; 0 for filters and channels that are not there
 */
export function packPanels(
  { vectors, tile, positions, group, bytes }: PanelShape,
  weightAt: (filter: number, position: number) => number,
): Uint8Array {
  const packed = bytes === 1 ? new Int8Array(vectors * 4 * positions) : new Int16Array(vectors * 4 * positions)
  let at = 0
  let firstFilter = 0
  for (const width of panelWidths(vectors, tile)) {
    for (let first = 0; first < positions; first += group) {
      for (let filter = firstFilter; filter < firstFilter + 4 * width; filter++) {
        for (let position = first; position < first + group; position++) packed[at++] = weightAt(filter, position)
      }
    }
    firstFilter += 4 * width
  }
  return new Uint8Array(packed.buffer)
}

export interface PanelShape {
  readonly vectors: number
  readonly tile: Tile
  /** Codes along the taps of a pixel, those of absent channels included. */
  readonly positions: number
  readonly group: 2 | 4
  readonly bytes: 1 | 2
}
