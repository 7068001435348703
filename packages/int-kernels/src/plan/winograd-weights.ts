import { func, i16x8, i32, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import type { Extremes } from '../kernels/choose-kernel.js'
import { times } from '../kernels/times.js'
import { memoryOf, smallKernel } from '../small-kernel.js'
import type { IntegerWeights } from './integer-weights.js'
import type { WeightMatrix } from './pack-weights.js'

/** The 16 matrices [channel, filter] that Winograd multiplies with; all of their extremes, at most and at least 0. */
export interface TransformedWeights extends Extremes {
  readonly matrices: readonly WeightMatrix[]
}

/** The weights g of a 3x3 convolution as the 16 matrices of G g Gᵀ, with G = [2 0 0; 1 1 1; 1 -1 1; 0 0 2]. */
export function winogradWeights({ values, channels, filters }: IntegerWeights): TransformedWeights {
  const size = channels * filters
  const vectors = Math.ceil(size / 8)
  const { memory } = memoryOf([16 * (9 + 16) * vectors + 32])
  const plane = (i: number) => new Int16Array(memory.buffer, 16 * vectors * i, size)
  for (let tap = 0; tap < 9; tap++) plane(tap).set(values.subarray(tap * size, (tap + 1) * size))
  transform(memory)(0, 16 * vectors, vectors)
  const extremes = new Int16Array(memory.buffer, 16 * vectors * 25, 16)
  return {
    matrices: times(16, (position) => ({ positions: channels, filters, values: plane(9 + position) })),
    smallest: Math.min(...extremes),
    largest: Math.max(...extremes),
  }
}

/**
 * Parameters: the 9 planes of weights (i16), bytes from one plane to the next, vectors in each. Behind them it writes the 16 planes
 * of transformed weights, and behind these 8 of the smallest and 8 of the largest.
 */
const transform = smallKernel(() =>
  func(
    'winograd-weights',
    { weights: 'i32', plane: 'i32', vectors: 'i32' },
    ({ weights: at, plane, vectors }, { local, repeat, advance, store }) => {
      const smallest = local(v128.zero)
      const largest = local(v128.zero)
      const placeOf = (index: number) => i32.add(at, i32.mul(plane, index))
      repeat(vectors, () => {
        const half = times(3, (column) =>
          timesG(times(3, (row) => local(v128.load(placeOf(3 * row + column))))).map((value) => local(value)),
        )
        for (const row of [0, 1, 2, 3]) {
          timesG(half.map((column) => column[row]!)).forEach((value, column) => {
            const transformed = local(value)
            smallest.set(i16x8.minS(smallest, transformed))
            largest.set(i16x8.maxS(largest, transformed))
            store(placeOf(9 + 4 * row + column), transformed)
          })
        }
        advance(at, 16)
      })
      // A plane further on than where the last one began.
      store(placeOf(24), smallest)
      store(placeOf(24), largest, 16)
    },
  ),
)

/** 2a, a + b + c, a - b + c, 2c */
function timesG([a, b, c]: readonly Local<'v128'>[]): V128[] {
  const outer = i16x8.add(a!, c!)
  return [i16x8.add(a!, a!), i16x8.add(outer, b!), i16x8.sub(outer, b!), i16x8.add(c!, c!)]
}
