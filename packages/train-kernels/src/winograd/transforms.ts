import { type Body, f32x4, type V128 } from '@lowbit/wasm-emit'
import type { MultiplyAdd } from '../arithmetic.js'

// Winograd's F(m x m, 3 x 3) (Lavin and Gray, 2016): Y = At ((G g Gt) * (Bt d B)) A gives m x m outputs of a 3x3 kernel g over
// (m + 2) x (m + 2) inputs d by as many products: for m = 2 these are 16 instead of 36, for m = 4 36 instead of 144. The gradients
// take the transposed matrices.

/** What the code of a transform is written with. */
export interface TransformMath {
  readonly local: Body['local']
  readonly madd: MultiplyAdd
  /** A vector of one of the transform's factors, which stays in a register or beside the loop. */
  readonly factor: (value: number) => V128
}

/** The math of a function that carries transforms out; call it before the function's loops. */
export function transformMath(body: Body, { factors }: ForwardTransforms, madd: MultiplyAdd): TransformMath {
  const splats = new Map(factors.map((value) => [value, body.local(f32x4.splat(value))]))
  return { local: body.local, madd, factor: (value) => splats.get(value)! }
}

/** A matrix times a column of values, each a vector of four channels. */
export type Line = (values: readonly V128[], math: TransformMath) => V128[]

/** What a convolution needs for tiles of `tile` x `tile` outputs. */
export interface ForwardTransforms {
  readonly tile: 2 | 4
  /** The factors that lines ask for. */
  readonly factors: readonly number[]
  /** Bt */
  readonly input: Line
  /** G */
  readonly kernel: Line
  /** Writes a tile's outputs. */
  readonly output: (math: TransformMath, read: ReadValue, write: WriteValue) => void
}

/** What the gradients need too. */
export interface WinogradTransforms extends ForwardTransforms {
  /** At */
  readonly outputLine: Line
  /** B */
  readonly inputGradient: Line
  /** Gt */
  readonly kernelGradient: Line
  /** A */
  readonly error: Line
}

type ReadValue = (row: number, column: number) => V128
type WriteValue = (row: number, column: number, value: V128) => void

/** Transforms a square matrix of `size` x `size` values: its columns, then the rows of what these give. */
export function transformMatrix(
  math: TransformMath,
  line: Line,
  size: number,
  read: ReadValue,
  write: WriteValue,
): void {
  const indices = Array.from({ length: size }, (_, i) => i)
  const columns = indices.map((column) =>
    line(
      indices.map((row) => math.local(read(row, column))),
      math,
    ).map((value) => math.local(value)),
  )
  for (const row of columns[0]!.keys()) {
    const values = line(
      columns.map((column) => column[row]!),
      math,
    )
    for (const [column, value] of values.entries()) write(row, column, value)
  }
}

const { add, sub, neg, mul } = f32x4

/** Tiles of 2x2. Of integers all values are multiples of 1/4. */
export const transforms2: WinogradTransforms = {
  tile: 2,
  factors: [0.5],
  input: ([a, b, c, d]) => [sub(a!, c!), add(b!, c!), sub(c!, b!), sub(b!, d!)],
  kernel([a, b, c], { local, factor }) {
    const [outer, middle] = [local(mul(add(a!, c!), factor(0.5))), local(mul(b!, factor(0.5)))]
    return [a!, add(outer, middle), sub(outer, middle), c!]
  },
  output: (math, read, write) => transformMatrix(math, transforms2.outputLine, 4, read, write),
  outputLine: ([a, b, c, d]) => [add(add(a!, b!), c!), sub(sub(b!, c!), d!)],
  inputGradient: ([a, b, c, d]) => [a!, add(sub(b!, c!), d!), sub(add(b!, c!), a!), neg(d!)],
  kernelGradient([a, b, c, d], { local, factor }) {
    const middle = local(mul(add(b!, c!), factor(0.5)))
    return [add(a!, middle), mul(sub(b!, c!), factor(0.5)), add(middle, d!)]
  },
  error: ([a, b]) => [a!, add(a!, b!), sub(a!, b!), neg(b!)],
}

/**
 * Tiles of 4x4, from the points 0, 1, -1, 2, -2. The relative error of a result is about 1.3e-6, four times that of a direct
 * convolution in f32, so they serve gradients only.
 */
export const transforms4: WinogradTransforms = {
  tile: 4,
  factors: [2, -2, 4, -4, -5, 8, 1 / 4, 1 / 6, -1 / 6, 1 / 12, 1 / 24],
  input([a, b, c, d, e, f], { local, madd, factor }) {
    const [even, odd] = [local(madd(c!, factor(-4), e!)), local(madd(b!, factor(-4), d!))]
    const [outer, inner] = [local(sub(e!, c!)), local(sub(d!, b!))]
    return [
      madd(a!, factor(4), madd(c!, factor(-5), e!)),
      add(even, odd),
      sub(even, odd),
      madd(inner, factor(2), outer),
      madd(inner, factor(-2), outer),
      madd(b!, factor(4), madd(d!, factor(-5), f!)),
    ]
  },
  kernel([a, b, c], { local, madd, factor }) {
    const [outer, middle] = [local(mul(add(a!, c!), factor(-1 / 6))), local(mul(b!, factor(1 / 6)))]
    const [far, near] = [local(madd(a!, factor(1 / 24), mul(c!, factor(1 / 6)))), local(mul(b!, factor(1 / 12)))]
    return [mul(a!, factor(1 / 4)), sub(outer, middle), add(outer, middle), add(far, near), sub(far, near), c!]
  },
  output: (math, read, write) => transformMatrix(math, transforms4.outputLine, 6, read, write),
  outputLine([a, b, c, d, e, f], math) {
    const { madd, factor } = math
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], math)
    return [add(add(a!, p), r), madd(s, factor(2), q), madd(r, factor(4), p), madd(s, factor(8), add(q, f!))]
  },
  inputGradient([a, b, c, d, e, f], math) {
    const { local, madd, factor } = math
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], math)
    const inner = local(add(a!, p))
    return [
      mul(a!, factor(4)),
      madd(sub(f!, q), factor(4), mul(s, factor(-2))),
      sub(madd(inner, factor(-4), neg(a!)), r),
      madd(f!, factor(-5), madd(s, factor(2), q)),
      add(inner, r),
      f!,
    ]
  },
  kernelGradient([a, b, c, d, e, f], math) {
    const { local, madd, factor } = math
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], math)
    const sixth = local(mul(p, factor(-1 / 6)))
    return [
      madd(r, factor(1 / 24), madd(a!, factor(1 / 4), sixth)),
      madd(q, factor(-1 / 6), mul(s, factor(1 / 12))),
      madd(r, factor(1 / 6), add(sixth, f!)),
    ]
  },
  error([a, b, c, d], { local, madd, factor }) {
    const [even, odd] = [local(add(a!, c!)), local(add(b!, d!))]
    const far = local(madd(c!, factor(4), a!))
    const farOdd = local(madd(d!, factor(4), b!))
    return [a!, add(even, odd), sub(even, odd), madd(farOdd, factor(2), far), madd(farOdd, factor(-2), far), d!]
  },
}

/** a + b, a - b, c + d, c - d */
function sumsAndDifferences([a, b, c, d]: readonly [V128, V128, V128, V128], { local }: TransformMath) {
  return [local(add(a, b)), local(sub(a, b)), local(add(c, d)), local(sub(c, d))] as const
}
