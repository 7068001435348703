import { type Func, func, i32, type Value } from '@lowbit/wasm-emit'
import { arithmetics } from './arithmetic.js'
import type { Share } from './share.js'
import { parametersWith } from './tail.js'
import { parts } from './tile.js'
import { planeBytes, tilesAlong, type WinogradConvolution } from './winograd-blocks.js'
import { winogradInput } from './winograd-input.js'
import { winogradOutput } from './winograd-output.js'
import { winogradProduct } from './winograd-product.js'

/**
 * Parameters: input (what the first output's window begins with), weights (16 matrices), filters (of each vector: 4 biases, one for
 * each output of a tile, and scales), constants of the tail, scratch, the tail's buffers. What it calls is the same for layers of
 * other sizes.
 */
export function winogradConvolution(spec: WinogradConvolution, share: Share): Func {
  const { arithmetic, burst, rows, columns, blockRows, channels, raised, vectors, matrixBytes, tile, tail } = spec
  const { bytes } = arithmetics[arithmetic]
  const pixelBytes = channels * bytes
  const rowBytes = 16 * vectors
  const plane = planeBytes(spec)
  // Vectors at a time, so that the codes of up to 16 filters are written at once.
  const width = [4, 2, 1].find((n) => vectors % n === 0)!
  const size = {
    lastRow: rows - 2,
    lastColumn: columns - 2,
    tileRows: blockRows,
    tileColumns: tilesAlong(columns),
  }
  const input = share(
    { part: 'winograd-input', bytes, raised, pixel: spec.input.pixel, plane: plane.transformed },
    winogradInput,
  )
  const output = share(
    {
      part: 'winograd-output',
      width,
      plane: plane.products,
      steps: tail.steps,
      buffers: tail.buffers.length,
    },
    winogradOutput,
  )
  const names = ['input', 'weights', 'filters', 'constants', 'scratch']
  return func('winograd-convolution', parametersWith(names, tail), (given, body) => {
    const { local, call, forRange } = body
    const sums = local(i32.add(given.scratch!, 16 * plane.transformed), 'sums')
    /** One of the 16 products, in parts that have tiles of one size. */
    const multiply = (position: Value<'i32'>) => {
      let vector = 0
      for (const [panels, width] of parts(vectors, tile.vectors)) {
        let pixel = 0
        for (const [tiles, pixels] of parts(blockRows * tilesAlong(columns), tile.pixels)) {
          const product = {
            part: 'winograd-product',
            arithmetic,
            burst,
            pixelBytes,
            rowBytes,
            pixels,
            vectors: width,
          } as const
          const placeOf = (matrices: Value<'i32'>, plane: number, offset: number) =>
            i32.add(i32.add(matrices, offset), i32.mul(position, plane))
          call(share(product, winogradProduct), {
            codes: placeOf(given.scratch!, plane.transformed, pixel * pixelBytes),
            weights: placeOf(given.weights!, matrixBytes, vector * 4 * pixelBytes),
            sums: placeOf(sums, plane.products, pixel * rowBytes + 16 * vector),
            panels,
            tiles,
          })
          pixel += tiles * pixels
        }
        vector += panels * width
      }
    }
    forRange(
      0,
      tilesAlong(rows),
      // What the last block has too many are the last row of tiles once more.
      (firstRow) => {
        call(input, {
          ...size,
          input: given.input!,
          transformed: given.scratch!,
          firstRow,
          row: spec.input.row,
          chunks: pixelBytes / 16,
        })
        forRange(0, 16, multiply)
        call(output, {
          ...size,
          sums,
          filters: given.filters!,
          constants: given.constants!,
          firstRow,
          panels: vectors / width,
          ...Object.fromEntries(
            tail.buffers.flatMap(({ row, pixel }, i) => [
              [`buffer${i}`, given[`buffer${i}`]!],
              [`row${i}`, row],
              [`pixel${i}`, pixel],
            ]),
          ),
        })
      },
      blockRows,
    )
  })
}
