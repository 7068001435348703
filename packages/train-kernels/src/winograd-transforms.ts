import { type Body, f32x4, type V128 } from '@lowbit/wasm-emit'

// Winograd's F(2x2, 3x3) (Lavin and Gray, 2016): Y = At ((G g Gt) * (Bt d B)) A gives 2x2 outputs of a 3x3 kernel g over 4x4
// inputs d by 16 products instead of 36. Bt = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], G = [1 0 0; .5 .5 .5; .5 -.5 .5; 0 0 1],
// At = [1 1 1 0; 0 1 -1 -1]. Of integers all these are multiples of 1/4.

/** Products of a tile. */
export const products = 16

const { add, sub, neg, mul } = f32x4

/** A value at a row and column, written anew at each use. */
type Matrix = (row: number, column: number) => V128
type Write = (index: number, value: V128) => void

/** Bt d B: 4x4 inputs to 16 factors. */
export function transformInput(body: Body, input: Matrix, write: Write): void {
  const difference = (a: () => V128, b: () => V128) => body.local(sub(a(), b()))
  for (let row = 0; row < 4; row++) {
    const t = [0, 1, 2, 3].map((column) => {
      const at = (r: number) => () => input(r, column)
      if (row === 1) return body.local(add(at(1)(), at(2)()))
      return row === 0 ? difference(at(0), at(2)) : row === 2 ? difference(at(2), at(1)) : difference(at(1), at(3))
    })
    write(4 * row, sub(t[0]!, t[2]!))
    write(4 * row + 1, add(t[1]!, t[2]!))
    write(4 * row + 2, sub(t[2]!, t[1]!))
    write(4 * row + 3, sub(t[1]!, t[3]!))
  }
}

/** B m Bt: 16 sums of products to the gradients of 4x4 inputs, the transpose of `transformInput`. */
export function transformInputGradient(
  body: Body,
  sum: (index: number) => V128,
  write: (row: number, column: number, value: V128) => void,
): void {
  for (let row = 0; row < 4; row++) {
    const [t0, t1, t2, t3] = [0, 1, 2, 3].map((column) => {
      const [m0, m1, m2, m3] = [0, 1, 2, 3].map((r) => () => sum(4 * r + column))
      if (row === 0) return body.local(m0!())
      if (row === 1) return body.local(add(sub(m1!(), m2!()), m3!()))
      return body.local(row === 2 ? sub(add(m1!(), m2!()), m0!()) : neg(m3!()))
    })
    write(row, 0, t0!)
    write(row, 1, add(sub(t1!, t2!), t3!))
    write(row, 2, sub(add(t1!, t2!), t0!))
    write(row, 3, neg(t3!))
  }
}

/** G g Gt: a 3x3 kernel to 16 factors. */
export function transformKernel(body: Body, kernel: Matrix, write: Write): void {
  const columns = [0, 1, 2].map((column) =>
    spread(
      body,
      [0, 1, 2].map((row) => body.local(kernel(row, column))),
    ),
  )
  for (let row = 0; row < 4; row++)
    for (const [column, value] of spread(
      body,
      columns.map((c) => c[row]!),
    ).entries())
      write(4 * row + column, value)
}

/** G times a column of three. */
function spread(body: Body, [a, b, c]: readonly V128[]): V128[] {
  const outer = body.local(mul(add(a!, c!), 0.5))
  const middle = body.local(mul(b!, 0.5))
  return [a!, body.local(add(outer, middle)), body.local(sub(outer, middle)), c!]
}

/** At m A: 16 sums of products to 2x2 outputs. */
export function transformOutput(
  body: Body,
  sum: (index: number) => V128,
  write: (row: number, column: number, value: V128) => void,
): void {
  for (let row = 0; row < 2; row++) {
    const t = [0, 1, 2, 3].map((column) => {
      const [m0, m1, m2, m3] = [0, 1, 2, 3].map((r) => () => sum(4 * r + column))
      return body.local(row === 0 ? add(add(m0!(), m1!()), m2!()) : sub(sub(m1!(), m2!()), m3!()))
    })
    write(row, 0, add(add(t[0]!, t[1]!), t[2]!))
    write(row, 1, sub(sub(t[1]!, t[2]!), t[3]!))
  }
}

/** A e At: 2x2 errors to 16 factors, the transpose of `transformOutput`. */
export function transformError(body: Body, error: Matrix, write: Write): void {
  const [top, bottom] = [0, 1].map((row) => [0, 1].map((column) => body.local(error(row, column))))
  const rows = [
    top!,
    top!.map((a, i) => body.local(add(a, bottom![i]!))),
    top!.map((a, i) => body.local(sub(a, bottom![i]!))),
    bottom!.map((b) => body.local(neg(b))),
  ]
  for (const [row, [a, b]] of rows.entries()) {
    write(4 * row, a!)
    write(4 * row + 1, add(a!, b!))
    write(4 * row + 2, sub(a!, b!))
    write(4 * row + 3, neg(b!))
  }
}

/** Gt p G: 16 sums of products to the gradient of a 3x3 kernel, the transpose of `transformKernel`. */
export function transformKernelGradient(
  body: Body,
  sum: (index: number) => V128,
  write: (row: number, column: number, value: V128) => void,
): void {
  const columns = [0, 1, 2, 3].map((column) =>
    gather(
      body,
      [0, 1, 2, 3].map((row) => body.local(sum(4 * row + column))),
    ),
  )
  for (let row = 0; row < 3; row++)
    for (const [column, value] of gather(
      body,
      columns.map((c) => c[row]!),
    ).entries())
      write(row, column, value)
}

/** Gt times a column of four. */
function gather(body: Body, [a, b, c, d]: readonly V128[]): V128[] {
  const outer = body.local(mul(add(b!, c!), 0.5))
  return [body.local(add(a!, outer)), body.local(mul(sub(b!, c!), 0.5)), body.local(add(outer, d!))]
}
