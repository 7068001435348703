import { type Body, f32x4, type V128 } from '@lowbit/wasm-emit'

// Winograd's F(m x m, 3 x 3) (Lavin and Gray, 2016): Y = At ((G g Gt) * (Bt d B)) A gives m x m outputs of a 3x3 kernel g over
// (m + 2) x (m + 2) inputs d by as many products: for m = 2 these are 16 instead of 36, for m = 4 36 instead of 144. The gradients
// take the transposed matrices.

/** A matrix times a column of values, each a vector of four channels. */
export type Line = (values: readonly V128[], local: Body['local']) => V128[]

/** The matrices for tiles of `tile` x `tile` outputs. */
export interface WinogradTransforms {
  readonly tile: 2 | 4
  /** Bt */
  readonly input: Line
  /** G */
  readonly kernel: Line
  /** At */
  readonly output: Line
  /** B */
  readonly inputGradient: Line
  /** Gt */
  readonly kernelGradient: Line
  /** A */
  readonly error: Line
}

/** Transforms a square matrix of `size` x `size` values: its columns, then the rows of what these give. */
export function transformMatrix(
  body: Body,
  line: Line,
  size: number,
  read: (row: number, column: number) => V128,
  write: (row: number, column: number, value: V128) => void,
): void {
  const indices = Array.from({ length: size }, (_, i) => i)
  const columns = indices.map((column) =>
    line(
      indices.map((row) => body.local(read(row, column))),
      body.local,
    ).map((value) => body.local(value)),
  )
  for (const row of columns[0]!.keys()) {
    const values = line(
      columns.map((column) => column[row]!),
      body.local,
    )
    for (const [column, value] of values.entries()) write(row, column, value)
  }
}

const { add, sub, neg, mul } = f32x4

/** Tiles of 2x2. Of integers all values are multiples of 1/4. */
export const transforms2: WinogradTransforms = {
  tile: 2,
  input: ([a, b, c, d]) => [sub(a!, c!), add(b!, c!), sub(c!, b!), sub(b!, d!)],
  kernel([a, b, c], local) {
    const [outer, middle] = [local(mul(add(a!, c!), 0.5)), local(mul(b!, 0.5))]
    return [a!, add(outer, middle), sub(outer, middle), c!]
  },
  output: ([a, b, c, d]) => [add(add(a!, b!), c!), sub(sub(b!, c!), d!)],
  inputGradient: ([a, b, c, d]) => [a!, add(sub(b!, c!), d!), sub(add(b!, c!), a!), neg(d!)],
  kernelGradient([a, b, c, d], local) {
    const middle = local(mul(add(b!, c!), 0.5))
    return [add(a!, middle), mul(sub(b!, c!), 0.5), add(middle, d!)]
  },
  error: ([a, b]) => [a!, add(a!, b!), sub(a!, b!), neg(b!)],
}

/**
 * Tiles of 4x4, from the points 0, 1, -1, 2, -2. The relative error of a result is about 1.3e-6, four times that of a direct
 * convolution in f32, so they serve gradients only.
 */
export const transforms4: WinogradTransforms = {
  tile: 4,
  input([a, b, c, d, e, f], local) {
    const [even, odd] = [local(sub(e!, times4(c!, local))), local(sub(d!, times4(b!, local)))]
    const [outer, twice] = [local(sub(e!, c!)), local(doubled(sub(d!, b!), local))]
    return [
      add(times4(sub(a!, c!), local), outer),
      add(even, odd),
      sub(even, odd),
      add(outer, twice),
      sub(outer, twice),
      add(times4(sub(b!, d!), local), sub(f!, d!)),
    ]
  },
  kernel([a, b, c], local) {
    const [outer, middle] = [local(mul(add(a!, c!), -1 / 6)), local(mul(b!, 1 / 6))]
    const [far, near] = [local(add(mul(a!, 1 / 24), mul(c!, 1 / 6))), local(mul(b!, 1 / 12))]
    return [mul(a!, 1 / 4), sub(outer, middle), add(outer, middle), add(far, near), sub(far, near), c!]
  },
  output([a, b, c, d, e, f], local) {
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], local)
    return [add(add(a!, p), r), add(q, doubled(s, local)), add(p, times4(r, local)), add(add(q, times8(s, local)), f!)]
  },
  inputGradient([a, b, c, d, e, f], local) {
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], local)
    const twice = local(doubled(s, local))
    return [
      times4(a!, local),
      sub(times4(sub(f!, q), local), twice),
      neg(add(add(times4(local(add(a!, p)), local), a!), r)),
      sub(add(q, twice), add(times4(f!, local), f!)),
      add(add(a!, p), r),
      f!,
    ]
  },
  kernelGradient([a, b, c, d, e, f], local) {
    const [p, q, r, s] = sumsAndDifferences([b!, c!, d!, e!], local)
    const sixth = local(mul(p, 1 / 6))
    return [
      add(sub(mul(a!, 1 / 4), sixth), mul(r, 1 / 24)),
      sub(mul(s, 1 / 12), mul(q, 1 / 6)),
      add(sub(mul(r, 1 / 6), sixth), f!),
    ]
  },
  error([a, b, c, d], local) {
    const [even, odd] = [local(add(a!, c!)), local(add(b!, d!))]
    const far = local(add(a!, times4(c!, local)))
    const farOdd = local(doubled(add(b!, times4(d!, local)), local))
    return [a!, add(even, odd), sub(even, odd), add(far, farOdd), sub(far, farOdd), d!]
  },
}

/** a + b, a - b, c + d, c - d */
function sumsAndDifferences([a, b, c, d]: readonly [V128, V128, V128, V128], local: Body['local']) {
  return [local(add(a, b)), local(sub(a, b)), local(add(c, d)), local(sub(c, d))] as const
}

// Multiples by powers of two as sums, which need no constant in a register and round nothing.
function doubled(value: V128, local: Body['local']): V128 {
  const once = local(value)
  return add(once, once)
}

const times4 = (value: V128, local: Body['local']): V128 => doubled(doubled(value, local), local)
const times8 = (value: V128, local: Body['local']): V128 => doubled(times4(value, local), local)
