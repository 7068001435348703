import { type CodeRange, type Network, noPadding, type Pair, samePadding } from '../src/format/index.js'
import { generator } from '../src/synthetic/network-builder.js'

/** One convolution between two quantizers, as a test wants it. */
export interface ConvolutionCase {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: number
  readonly size: Pair
  readonly stride: Pair
  readonly padding: 'valid' | 'same'
  readonly groups: number
  readonly inputLevels: number
  readonly weightLevels: number
  readonly perFilter: boolean
  /** Which codes the weights have, and which the input. */
  readonly codes: 'random' | 'highest' | 'lowest' | 'alternating'
  readonly seed: number
}

/** input -> codes -> convolution -> codes -> output, the sums themselves beside them: channels first of one, then of the other. */
export function convolutionNetwork(test: ConvolutionCase): Network {
  const { height, width, channels, filters, size, stride, groups, weightLevels, perFilter } = test
  const random = generator(test.seed)
  const code = (levels: number, i: number) =>
    ({
      random: Math.floor(random() * levels),
      highest: levels - 1,
      lowest: 0,
      alternating: i % 2 === 0 ? levels - 1 : 0,
    })[test.codes]
  const shape = [...size, channels / groups, filters]
  const count = shape.reduce((product, n) => product * n, 1)
  const range = (levels: number): Omit<CodeRange, 'scale'> => {
    const zeroPoint = Math.floor(random() * levels)
    const minimum = random() < 0.5 ? 0 : Math.floor(random() * (zeroPoint + 1))
    return { zeroPoint, levels, minimum, maximum: levels - 1 }
  }
  const input = range(test.inputLevels)
  const output = range(test.inputLevels)
  const numbers = perFilter ? filters : 1
  const spread = Math.sqrt(count / filters) * test.inputLevels * weightLevels
  return {
    input: { name: 'input', shape: [height, width, channels] },
    nodes: [
      { operator: 'quantize', name: 'codes', input: 'input', scale: 0.5, ...input },
      {
        operator: 'conv2d',
        name: 'conv',
        input: 'codes',
        weights: {
          codes: Uint8Array.from({ length: count }, (_, i) => code(weightLevels, i)),
          shape,
          levels: weightLevels,
          zeroPoint: Uint8Array.from({ length: numbers }, () => random() * weightLevels),
        },
        bias: Int32Array.from({ length: filters }, () => (random() - 0.5) * spread),
        scale: Float32Array.from({ length: numbers }, () => (random() + 0.5) / spread),
        stride,
        padding: test.padding === 'same' ? samePadding([height, width], size, stride) : noPadding,
        groups,
      },
      { operator: 'quantize', name: 'rounded', input: 'conv', scale: Math.fround(4 / test.inputLevels), ...output },
      { operator: 'dequantize', name: 'values', input: 'rounded' },
      { operator: 'add', name: 'both', inputs: ['conv', 'values'] },
    ],
    output: 'both',
  }
}

/** An image whose codes are as the test wants them. */
export function imageFor({ height, width, channels, inputLevels, codes, seed }: ConvolutionCase): Float32Array {
  const random = generator(seed + 1)
  const far = inputLevels
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    if (codes === 'random') return (random() - 0.5) * inputLevels
    if (codes === 'alternating') return i % 2 === 0 ? far : -far
    return codes === 'highest' ? far : -far
  })
}
