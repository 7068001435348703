import { type Network, noPadding, type Padding } from '../format/index.js'
import { generator, networkBuilder } from './network-builder.js'

/** filters, size, padding on each side, and whether a 2x2 max-pool follows. */
type Layer = readonly [filters: number, size: number, padding: 0 | 1, pool: boolean]

interface CnnShape {
  /** Filters of the float 1x1 convolution at the head. */
  readonly stem: number
  readonly layers: readonly Layer[]
}

/** The CIFAR-10 networks of the paper's authors: a 1x1 convolution and a classifier in f32, and these between them. */
const shapes = {
  CNN6: {
    stem: 4,
    layers: [
      [8, 5, 0, true],
      [16, 3, 0, true],
      [32, 3, 0, true],
      [64, 2, 0, false],
    ],
  },
  CNN7: {
    stem: 8,
    layers: [
      [8, 3, 0, false],
      [12, 3, 0, true],
      [16, 3, 0, true],
      [32, 3, 0, true],
      [64, 2, 0, false],
    ],
  },
  CNN8: {
    stem: 8,
    layers: [
      [8, 3, 0, false],
      [12, 3, 0, true],
      [24, 3, 0, true],
      [24, 3, 0, false],
      [40, 3, 0, false],
      [64, 2, 0, false],
    ],
  },
  CNN9: {
    stem: 8,
    layers: [
      [8, 3, 0, false],
      [12, 3, 0, true],
      [12, 3, 1, false],
      [24, 3, 0, true],
      [24, 3, 0, false],
      [48, 3, 0, false],
      [96, 2, 0, false],
    ],
  },
  CNN10: {
    stem: 8,
    layers: [
      [16, 3, 1, false],
      [32, 3, 1, true],
      [32, 3, 1, false],
      [64, 3, 1, true],
      [64, 3, 0, false],
      [64, 3, 0, false],
      [128, 3, 0, false],
      [256, 2, 0, false],
    ],
  },
} as const satisfies Readonly<Record<string, CnnShape>>

export type CnnName = keyof typeof shapes

/** CNN6..CNN10 with random weights: what they cost, not what they know. */
export function syntheticCnn(
  name: CnnName,
  { bits, seed = 1 }: { readonly bits: number; readonly seed?: number },
): Network {
  const levels = 2 ** bits
  const random = generator(seed)
  const floats = (count: number, spread: number) =>
    Float32Array.from({ length: count }, () => (random() - 0.5) * spread)
  const { stem, layers }: CnnShape = shapes[name]
  const { add, quantize, convolution, finish } = networkBuilder([32, 32, 3], seed)
  let value = add({
    operator: 'float-conv2d',
    name: 'stem',
    input: 'input',
    shape: [1, 1, 3, stem],
    weights: floats(3 * stem, 4),
    bias: floats(stem, 1),
    stride: [1, 1],
    padding: noPadding,
  })
  let channels = stem
  for (const [i, [filters, size, border, pool]] of layers.entries()) {
    const codes = quantize(value, levels, i === 0 ? 'signed' : 'positive')
    const padding: Padding = { top: border, bottom: border, left: border, right: border }
    value = convolution(codes, { size: [size, size], channels, filters, levels, padding })
    if (pool) {
      value = add({
        operator: 'max-pool',
        name: `pool${i}`,
        input: value,
        size: [2, 2],
        stride: [2, 2],
        padding: noPadding,
      })
    }
    channels = filters
  }
  value = add({ operator: 'flatten', name: 'flat', input: value })
  value = add({ operator: 'tanh', name: 'squashed', input: value })
  add({
    operator: 'float-dense',
    name: 'classifier',
    input: value,
    shape: [channels, 10],
    weights: floats(channels * 10, 1),
    bias: floats(10, 1),
  })
  return finish('classifier')
}
