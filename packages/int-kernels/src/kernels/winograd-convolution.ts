import { type Func, func, i32 } from '@lowbit/wasm-emit'
import { arithmetics } from './arithmetic.js'
import { parametersWith } from './tail.js'
import { forPanels } from './tile.js'
import { tileSums } from './tile-sums.js'
import { offsetOf, walk } from './walk.js'
import { planeBytes, tilesAlong, type WinogradConvolution } from './winograd-blocks.js'
import { winogradInput } from './winograd-input.js'
import { winogradOutput } from './winograd-output.js'

/**
 * Parameters: input (what the first output's window begins with), weights (16 matrices), filters (of each vector: 4 biases, one for
 * each output of a tile, and scales), constants of the tail, scratch, the tail's buffers.
 */
export function winogradConvolution(spec: WinogradConvolution): Func {
  const { rows, blockRows, matrixBytes, tail } = spec
  const tiles = blockRows * tilesAlong(spec.columns)
  const plane = planeBytes(spec)
  const input = winogradInput(spec)
  const output = winogradOutput(spec)
  const products = new Map([...new Set(spec.bursts)].map((burst) => [burst, matrixProduct(spec, burst, tiles)]))
  const names = ['input', 'weights', 'filters', 'constants', 'scratch']
  return func('winograd-convolution', parametersWith(names, tail), (given, body) => {
    const { local, call, forRange, when } = body
    const sums = local(i32.add(given.scratch!, 16 * plane.transformed), 'sums')
    forRange(
      0,
      tilesAlong(rows),
      (block) => {
        // The last block overlaps the one before it where the rows of tiles are no multiple of its own.
        const first = local(block, 'first row')
        const last = tilesAlong(rows) - blockRows
        when(i32.gtS(first, last), () => first.set(last))
        call(input, { input: given.input!, transformed: given.scratch!, first })
        spec.bursts.forEach((burst, position) => {
          call(products.get(burst)!, {
            codes: i32.add(given.scratch!, position * plane.transformed),
            weights: i32.add(given.weights!, position * matrixBytes),
            sums: i32.add(sums, position * plane.products),
          })
        })
        const buffers = Object.fromEntries(tail.buffers.map((_, i) => [`buffer${i}`, given[`buffer${i}`]!]))
        call(output, { sums, filters: given.filters!, constants: given.constants!, first, ...buffers })
      },
      blockRows,
    )
  })
}

/** sums[tile, filter] = codes[tile, channel] x weights, for all tiles of a block. */
function matrixProduct({ arithmetic, channels, vectors, tile }: WinogradConvolution, burst: number, tiles: number) {
  const { bytes } = arithmetics[arithmetic]
  const pixelBytes = channels * bytes
  const taps = { rows: 1, columns: 1, strides: { row: 0, pixel: 0 }, bytes: pixelBytes }
  return func('winograd-product', { codes: 'i32', weights: 'i32', sums: 'i32' }, (given, body) => {
    const { local, advance, store } = body
    const panel = local(given.weights, 'panel')
    const column = local(given.sums, 'column')
    forPanels(body, vectors, tile, (width) => {
      const images = [
        { start: given.codes, row: 0, pixel: pixelBytes },
        { start: column, row: 0, pixel: 16 * vectors },
      ]
      walk(body, { rows: 1, columns: tiles, ...tile }, images, (pixels, [codes, sums]) => {
        const offsets = pixels.map((pixel) => offsetOf(pixel, images[0]!))
        tileSums({ arithmetic, burst, taps }, body, codes!, offsets, panel, width).forEach((row, pixel) => {
          row.forEach((sum, j) => {
            store(sums!, sum, 16 * (pixel * vectors + j))
          })
        })
      })
      advance(panel, pixelBytes * 4 * width)
      advance(column, 16 * width)
    })
  })
}
