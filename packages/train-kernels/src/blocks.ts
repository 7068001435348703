import { type Body, type V128, type Value, v128 } from '@lowbit/wasm-emit'

/** Numbers 0..n - 1 through a function. */
export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

/**
 * Goes through `total` items in blocks of `size` and then through what remains, smaller. `write` writes the code of one
 * block and moves its own pointers on; it runs once for the loop's block and once for the rest.
 */
export function inBlocks(body: Body, total: number, size: number, write: (size: number) => void): void {
  const whole = Math.floor(total / size)
  if (whole === 1) write(size)
  if (whole > 1) body.repeat(whole, () => write(size))
  if (total % size > 0) write(total % size)
}

/** Loops over counts, outermost first; loops of one turn are left out. */
export function nested(
  body: Body,
  loops: readonly (readonly [count: number, advance: () => void])[],
  write: () => void,
): void {
  const [outer, ...inner] = loops
  if (!outer) {
    write()
    return
  }
  const [count, advance] = outer
  const turn = () => {
    nested(body, inner, write)
    advance()
  }
  if (count === 1) turn()
  else body.repeat(count, turn)
}

/** Stores the first `lanes` f32 of a vector, or all of it where there are four or more. */
export function storeFirst(body: Body, address: Value<'i32'>, vector: V128, lanes: number, offset = 0): void {
  if (lanes >= 4) body.store(address, vector, offset)
  else if (lanes >= 2) body.store64Lane(address, vector, 0, offset)
  if (lanes < 4 && lanes % 2 === 1) body.store32Lane(address, vector, lanes - 1, offset + 4 * (lanes - 1))
}

/** Loads the first `lanes` f32, the others zero, and reads nothing beyond them. */
export const loadFirst = (address: Value<'i32'>, lanes: number, offset = 0): V128 =>
  loadStrided(address, lanes, 4, offset)

/** Loads `lanes` f32 that lie `stride` bytes apart, the other lanes zero. */
export function loadStrided(address: Value<'i32'>, lanes: number, stride: number, offset = 0): V128 {
  if (lanes >= 4 && stride === 4) return v128.load(address, offset)
  return times(Math.min(lanes, 4), (lane) => lane).reduce<V128>(
    (vector, lane) => v128.load32Lane(address, vector, lane, offset + lane * stride),
    v128.zero,
  )
}
