import { func, i32 } from '@lowbit/wasm-emit'
import type { Arithmetic } from '../kernels/arithmetic.js'
import { panelWidths, type Tile } from '../kernels/tile.js'
import { times } from '../kernels/times.js'
import { memoryOf, smallKernel } from '../small-kernel.js'

/** Weights by position along the taps of a pixel and by filter, row-major. */
export interface WeightMatrix {
  readonly positions: number
  readonly filters: number
  readonly values: Int16Array | Float32Array
}

/**
 * Matrices of one shape in the order in which kernels read them, one after the other: panels of a tile's vectors, then steps along
 * the taps, then filters, then the channels of a lane. What is missing of whole vectors of filters, and of `filledTo` positions, is 0.
 * @param filledTo at least the positions, and a multiple of the channels in a lane
 */
export function packPanels(
  matrices: readonly WeightMatrix[],
  tile: Tile,
  { group, bytes }: Pick<Arithmetic, 'group' | 'bytes'>,
  filledTo = matrices[0]!.positions,
): Uint8Array {
  const { positions, filters, values } = matrices[0]!
  const vectors = Math.ceil(filters / 4)
  const steps = Math.ceil(positions / group)
  const row = values.BYTES_PER_ELEMENT * filters
  const size = 4 * vectors * filledTo * bytes
  const packed = new Uint8Array(matrices.length * size)
  const { memory, addresses } = memoryOf([row * group * steps, size])
  const [from, to] = addresses as [number, number]
  const run = interleaves[group](memory)
  matrices.forEach(({ values }, i) => {
    new Uint8Array(memory.buffer, from).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    let first = 0
    for (const width of panelWidths(vectors, tile)) {
      const count = Math.min(4 * width, filters - first)
      const step = 4 * width * group * bytes
      run(from + values.BYTES_PER_ELEMENT * first, row, steps, count, to + first * filledTo * bytes, step)
      first += 4 * width
    }
    packed.set(new Uint8Array(memory.buffer, to, size), i * size)
  })
  return packed
}

/**
 * Takes `group` rows of weights at a time (f32 where that is 1, else i16; `row` bytes from one to the next) and puts side by side, in
 * the 4 bytes of a lane, what they hold of each of `count` filters. The lanes of the next rows are written `step` bytes further on.
 */
const interleave = (group: Arithmetic['group']) =>
  smallKernel(() =>
    func(
      'interleave',
      { from: 'i32', row: 'i32', steps: 'i32', count: 'i32', to: 'i32', step: 'i32' },
      ({ from, row, steps, count, to, step }, { local, repeat, advance, store, store8, store16 }) => {
        repeat(steps, () => {
          const rows = times(group, (i) => local(i32.add(from, i32.mul(row, i))))
          const lane = local(to)
          repeat(count, () => {
            rows.forEach((weight, i) => {
              if (group === 1) store(lane, i32.load(weight))
              else if (group === 2) store16(lane, i32.load16S(weight), 2 * i)
              else store8(lane, i32.load16S(weight), i)
              advance(weight, group === 1 ? 4 : 2)
            })
            advance(lane, 4)
          })
          advance(from, i32.mul(row, group))
          advance(to, step)
        })
      },
    ),
  )

const interleaves = { 1: interleave(1), 2: interleave(2), 4: interleave(4) } as const
