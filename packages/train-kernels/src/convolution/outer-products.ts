import { type Body, i32, type Local, v128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'
import { inBlocks, times } from '../blocks.js'
import { loadsAllFirst } from './tile.js'

/** Factors of outer products: where those of the first step lie, and bytes from step to step. */
export interface OuterFactors {
  /** Moves on with the steps. */
  readonly pointer: Local<'i32'>
  readonly step: number
}

/** Scalars, at offsets from the pointer. */
export interface OuterScalars extends OuterFactors {
  readonly offsets: readonly number[]
}

/**
 * Steps written out in a turn of the loop, whose counting costs as much as some multiply-adds. An engine that loads all inputs
 * first would load those of all these steps, and runs out of registers.
 */
const stepsOfTurn = loadsAllFirst ? 1 : 4

/**
 * The inner loop of all convolutions: sums[s][v] += scalar s * vector v over the steps, in their order. Vectors lie side by side.
 */
export function addOuterProducts(
  body: Body,
  madd: MultiplyAdd,
  sums: readonly (readonly Local<'v128'>[])[],
  steps: number | Local<'i32'>,
  scalars: OuterScalars,
  vectors: OuterFactors,
): void {
  const write = (count: number) => {
    for (let k = 0; k < count; k++) {
      const row = times(sums[0]!.length, (v) => body.local(v128.load(vectors.pointer, k * vectors.step + 16 * v)))
      for (const [s, own] of sums.entries()) {
        const scalar = body.local(v128.load32Splat(scalars.pointer, k * scalars.step + scalars.offsets[s]!))
        for (const [v, sum] of own.entries()) sum.set(madd(scalar, row[v]!, sum))
      }
    }
    body.advance(scalars.pointer, count * scalars.step)
    body.advance(vectors.pointer, count * vectors.step)
  }
  if (typeof steps === 'number') inBlocks(body, steps, stepsOfTurn, write)
  else inBlocksOf(body, steps, stepsOfTurn, write)
}

/** As `inBlocks`, for a number that is known when the code runs; what remains is done singly. */
function inBlocksOf(body: Body, total: Local<'i32'>, size: number, write: (size: number) => void): void {
  const left = body.local(total, 'left')
  for (const block of size > 1 ? [size, 1] : [1])
    body.loopWhile(
      () => i32.geS(left, block),
      () => {
        write(block)
        body.advance(left, -block)
      },
    )
}
