import { f32x4, i32x4, type V128 } from '@lowbit/wasm-emit'
import type { Truncate } from '../arithmetic.js'
import { type ForwardTransforms, type TransformMath, transforms4 } from './transforms.js'

/**
 * Tiles of 4x4 that give the very sums of a direct convolution of integers, where `isExact4` holds. The kernel's transform leaves
 * out its divisions, so that all factors and the sums of their products are integers; the transform of the outputs goes on in
 * 32-bit integers, whose overflows cancel out, and its results are divided at last.
 */
export const exactTransforms4 = (truncate: Truncate): ForwardTransforms => ({
  tile: 4,
  factors: [...new Set([2, -2, 4, -4, -5, ...denominators.flatMap((a) => denominators.map((b) => 1 / (a * b)))])],
  input: transforms4.input,
  kernel([a, b, c], { local, madd, factor }) {
    const [outer, far, near] = [
      local(f32x4.add(a!, c!)),
      local(madd(c!, factor(4), a!)),
      local(f32x4.mul(b!, factor(2))),
    ]
    return [a!, f32x4.add(outer, b!), f32x4.sub(outer, b!), f32x4.add(far, near), f32x4.sub(far, near), c!]
  },
  output(math, read, write) {
    const guards: V128[] = []
    const columns = indices(6).map((column) => {
      const sums = indices(6).map((row) => math.local(read(row, column)))
      if (guarding.includes(column)) guards.push(...guarding.map((row) => sums[row]!))
      return outputLine(
        sums.map((sum) => math.local(truncate(sum))),
        math,
      )
    })
    // 0, or NaN where a value of the tile is no number.
    const guard = math.local(f32x4.mul(guards.reduce(f32x4.add), f32x4.splat(0)))
    for (const row of indices(4)) {
      const outputs = outputLine(
        columns.map((column) => column[row]!),
        math,
      )
      for (const [column, output] of outputs.entries()) {
        const reciprocal = math.factor(1 / (denominators[row]! * denominators[column]!))
        write(row, column, f32x4.nearest(math.madd(f32x4.convertS(output), reciprocal, guard)))
      }
    }
  },
})

/**
 * Whether they are exact: an input's factor is at most 18 spans of the inputs where a weight's is 49 times the largest weight, and
 * their product is smaller elsewhere. Summed over the channels it has to stay below 2^24; outputs are then small enough too.
 */
export const isExact4 = (span: number, largestWeight: number, channels: number) =>
  18 * 49 * channels * span * largestWeight < 2 ** 24

/** By what the outputs of a line are too large. */
const denominators = [24, 12, 6, 6] as const

/** Rows and columns of products that, together, any value of the tile comes into. */
const guarding = [0, 1, 5]

/** At, each row times its denominator, where G went without its divisions by 4, -6, -6, 24 and 24. */
function outputLine([a, b, c, d, e, f]: readonly V128[], { local }: TransformMath): V128[] {
  const { add, sub, shl } = i32x4
  const [p, q] = [local(add(b!, c!)), local(sub(b!, c!))]
  const [r, s] = [local(add(d!, e!)), local(sub(d!, e!))]
  return [
    add(add(shl(sub(a!, p), 2), shl(a!, 1)), r),
    sub(s, shl(q, 1)),
    sub(r, p),
    sub(add(shl(add(s, f!), 1), shl(f!, 2)), q),
  ].map((value) => local(value))
}

const indices = (n: number) => Array.from({ length: n }, (_, i) => i)
