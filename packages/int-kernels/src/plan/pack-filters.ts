import { type ConvolutionLayer, scaleOf } from './convolution-layer.js'

/**
 * What kernels read of filters beside their weights, by vectors of `lanes` filters: integers, those of all lanes side by side, and
 * behind them the scales (f32).
 * @param filters the first and the one after the last
 * @param integersOf as many for each filter; they are kept modulo 2^32
 */
export function packFilters(
  layer: ConvolutionLayer,
  [first, end]: readonly [number, number],
  lanes: 4 | 16,
  integersOf: (filter: number) => readonly number[],
): Uint8Array {
  const count = integersOf(first).length
  const vectorLength = lanes * (count + 1)
  const packed = new Int32Array(Math.ceil((end - first) / lanes) * vectorLength)
  const floats = new Float32Array(packed.buffer)
  for (let filter = first; filter < end; filter++) {
    const at = Math.floor((filter - first) / lanes) * vectorLength + ((filter - first) % lanes)
    integersOf(filter).forEach((n, i) => {
      packed[at + lanes * i] = n
    })
    floats[at + lanes * count] = scaleOf(layer, filter)
  }
  return new Uint8Array(packed.buffer)
}
