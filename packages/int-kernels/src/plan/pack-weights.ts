import type { Arithmetic } from '../kernels/arithmetic.js'
import { panelWidths, type Tile } from '../kernels/tile.js'

/** Weights by position along the taps of a pixel and by filter, row-major. */
export interface WeightMatrix {
  readonly positions: number
  readonly filters: number
  readonly values: Int16Array | Float32Array
}

const arrays = { 1: Int8Array, 2: Int16Array, 4: Float32Array } as const

/**
 * Weights in the order in which kernels read them: panels of a tile's vectors, then steps along the taps, then filters, then the
 * channels of a lane. What is missing of whole vectors of filters, and of `filledTo` positions, is 0.
 */
export function packPanels(
  { positions, filters, values }: WeightMatrix,
  tile: Tile,
  { group, bytes }: Pick<Arithmetic, 'group' | 'bytes'>,
  filledTo = positions,
): Uint8Array {
  const vectors = Math.ceil(filters / 4)
  const packed = new arrays[bytes](vectors * 4 * filledTo)
  // A function of its own: engines compile what is called often sooner than what loops for long.
  const packRun = (from: number, count: number, to: number): void => {
    if (group === 1) packed.set(values.subarray(from, from + count), to)
    else for (let i = 0; i < count; i++) packed[to + i * group] = values[from + i]!
  }
  let panel = 0
  let first = 0
  for (const width of panelWidths(vectors, tile)) {
    const count = Math.min(4 * width, filters - first)
    for (let position = 0; position < positions; position++) {
      const lane = position % group
      packRun(position * filters + first, count, panel + (position - lane) * 4 * width + lane)
    }
    panel += 4 * width * filledTo
    first += 4 * width
  }
  return new Uint8Array(packed.buffer)
}
