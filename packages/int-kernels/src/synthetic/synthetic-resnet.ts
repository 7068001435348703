import type { Network, Padding } from '../format/index.js'
import { networkBuilder } from './network-builder.js'

/**
 * A network of ResNet-18's shape with random weights, all of its convolutions and its classifier quantized; sums of the shortcuts
 * stay f32, as they do in training.
 */
export function syntheticResNet18({
  bits,
  seed = 1,
  size = 224,
}: {
  readonly bits: number
  readonly seed?: number
  /** Height and width of the image. */
  readonly size?: number
}): Network {
  const levels = 2 ** bits
  const { add, quantize, convolution, dense, finish } = networkBuilder([size, size, 3], seed)
  const relu = (name: string, input: string) => add({ operator: 'clamp', name, input, minimum: 0, maximum: null })
  const around = (n: number): Padding => ({ top: n, bottom: n, left: n, right: n })

  let value = convolution(quantize('input', levels, 'signed'), {
    size: [7, 7],
    channels: 3,
    filters: 64,
    levels,
    stride: [2, 2],
    padding: around(3),
  })
  value = relu('stem', value)
  value = add({ operator: 'max-pool', name: 'pool', input: value, size: [3, 3], stride: [2, 2], padding: around(1) })
  let channels = 64
  for (const filters of [64, 128, 256, 512]) {
    for (const block of [0, 1]) {
      const stride = filters > channels ? ([2, 2] as const) : ([1, 1] as const)
      const name = `block${filters}.${block}`
      const codes = quantize(value, levels, 'positive')
      const shape = { size: [3, 3], padding: around(1), filters, levels } as const
      const inner = convolution(codes, { ...shape, channels, stride })
      const outer = convolution(quantize(inner, levels, 'positive'), { ...shape, channels: filters })
      const shortcut =
        filters === channels
          ? value
          : convolution(quantize(value, levels, 'positive'), { size: [1, 1], channels, filters, levels, stride })
      const sum = add({ operator: 'add', name: `${name} sum`, inputs: [outer, shortcut] })
      value = relu(name, sum)
      channels = filters
    }
  }
  value = add({ operator: 'global-average-pool', name: 'mean', input: value })
  return finish(dense(quantize(value, levels, 'positive'), channels, 1000, levels))
}
