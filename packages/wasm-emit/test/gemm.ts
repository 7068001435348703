import { func, i16x8, i32x4, v128 } from '../src/index.js'

/** Rows, a multiple of 4; columns, a multiple of 8; depth, a multiple of 4 * burst. */
export interface GemmShape {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))

/** Sums that stay in registers: 4 rows by 2 vectors of 4 columns. */
const tile = { rows: 4, vectors: 2 }

/**
 * sums[rows, columns] (i32) = codes[rows, depth] (0..15) times weights (-8..7), which are packed in panels of 8 columns: [columns / 8]
 * [depth / 4][8][4]. Products gather in i16, which takes `burst` steps of four (each at most 4 * 15 * 8 = 480 over two lanes, so 136
 * fit), and are then widened into the i32 sums.
 */
export function gemm({ rows, columns, depth }: GemmShape, burst: number) {
  const panelBytes = 4 * depth * tile.vectors
  const rowBytes = 4 * columns
  return func(`gemm ${rows}x${depth}x${columns} 4-bit`, { codes: 'i32', weights: 'i32', sums: 'i32' }, (at, body) => {
    const { local, repeat, advance, store } = body
    const ones = local(i16x8.splat(1))
    const panel = local(at.weights, 'panel')
    const column = local(at.sums, 'column')
    repeat(columns / (4 * tile.vectors), () => {
      const row = local(at.codes, 'row')
      const output = local(column, 'output')
      repeat(rows / tile.rows, () => {
        const wide = times(tile.rows, () => times(tile.vectors, () => local(v128.zero, 'wide')))
        const code = local(row, 'code')
        const weight = local(panel, 'weight')
        repeat(depth / 4 / burst, () => {
          const narrow = times(tile.rows, () => times(tile.vectors, () => local(v128.zero, 'narrow')))
          repeat(burst, () => {
            const weights = times(tile.vectors, (j) => local(v128.load(weight, 16 * j)))
            narrow.forEach((sums, i) => {
              const four = local(v128.load32Splat(code, i * depth))
              for (const [j, sum] of sums.entries()) sum.set(i16x8.add(sum, i16x8.relaxedDot(weights[j]!, four)))
            })
            advance(code, 4)
            advance(weight, 16 * tile.vectors)
          })
          wide.forEach((sums, i) => {
            for (const [j, sum] of sums.entries()) sum.set(i32x4.add(sum, i32x4.dot(narrow[i]![j]!, ones)))
          })
        })
        wide.forEach((sums, i) => {
          for (const [j, sum] of sums.entries()) store(output, sum, i * rowBytes + 16 * j)
        })
        advance(row, tile.rows * depth)
        advance(output, tile.rows * rowBytes)
      })
      advance(panel, panelBytes)
      advance(column, 16 * tile.vectors)
    })
  })
}
