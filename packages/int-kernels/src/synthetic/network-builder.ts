import {
  type Conv2d,
  type Dense,
  inputsOf,
  type Network,
  type Node,
  noPadding,
  type Padding,
  type Pair,
  type Shape,
  type WeightCodes,
} from '../format/index.js'

/** Appends nodes with random weights, and scales under which values keep a spread of about 1, so that all codes are in use. */
export interface NetworkBuilder {
  quantize(input: string, levels: number, range: 'signed' | 'positive'): string
  convolution(input: string, layer: ConvolutionShape): string
  dense(input: string, inputs: number, units: number, weightLevels: number): string
  add(node: Node): string
  finish(output: string): Network
}

export interface ConvolutionShape {
  readonly size: Pair
  readonly channels: number
  readonly filters: number
  readonly levels: number
  readonly stride?: Pair
  readonly padding?: Padding
  readonly groups?: number
  /** A scale, and a zero point, for each filter. */
  readonly perFilter?: boolean
}

/** @param seed the same seed gives the same network */
export function networkBuilder(inputShape: Shape, seed: number): NetworkBuilder {
  const random = generator(seed)
  const nodes: Node[] = []
  /** Of codes: their scale, and about what they are on average. */
  const sources = new Map<string, { readonly scale: number; readonly mean: number }>()
  const push = (node: Node): string => {
    nodes.push(node)
    return node.name
  }
  const named = (what: string): string => `${what}${nodes.length}`

  const weights = (shape: Shape, levels: number, perFilter: boolean): WeightCodes => {
    const count = shape.reduce((product, size) => product * size, 1)
    const filters = shape.at(-1)!
    const middle = levels / 2
    const zeroPoint = Uint8Array.from({ length: perFilter ? filters : 1 }, () => middle - 0.5 + random())
    // About normal, as trained weights are; drawn from a table, as there may be millions.
    const drawn = Array.from({ length: 1024 }, () => {
      const spread = ((random() + random() + random()) / 3 - 0.5) * 1.5 * levels
      return Math.round(spread)
    })
    const codes = Uint8Array.from({ length: count }, (_, i) => {
      const weight = drawn[Math.floor(random() * drawn.length)]!
      return Math.min(Math.max(weight + zeroPoint[(i % filters) % zeroPoint.length]!, 0), levels - 1)
    })
    return { codes, shape, levels, zeroPoint }
  }
  /** Scales, and biases that leave sums of inputs of spread 1 with a spread of 1 around 0, as a batch norm would. */
  const numbers = (input: string, { codes, shape, levels, zeroPoint }: WeightCodes, perFilter: boolean) => {
    const filters = shape.at(-1)!
    const { scale, mean } = sources.get(input)!
    const spread = (Math.sqrt(codes.length / filters) * levels) / 4 / scale
    const sums = new Float64Array(filters)
    for (let at = 0; at < codes.length; at++) {
      sums[at % filters]! += codes[at]! - zeroPoint[(at % filters) % zeroPoint.length]!
    }
    return {
      scale: Float32Array.from({ length: perFilter ? filters : 1 }, () => (0.75 + random() / 2) / spread),
      bias: Int32Array.from(sums, (sum) => (random() - 0.5) * 0.2 * spread - (sum * mean) / scale),
    }
  }

  return {
    quantize(input, levels, range) {
      const name = named('codes')
      // Up to 2.5 in size: what is beyond saturates.
      const scale = Math.fround((range === 'signed' ? 5 : 2.5) / levels)
      const zeroPoint = range === 'signed' ? Math.floor(levels / 2) : 0
      // What relu leaves of a normal distribution has a mean of 0.4.
      sources.set(name, { scale, mean: range === 'signed' ? 0 : 0.4 })
      return push({ operator: 'quantize', name, input, scale, zeroPoint, levels, minimum: 0, maximum: levels - 1 })
    },
    convolution(
      input,
      { size, channels, filters, levels, stride = [1, 1], padding = noPadding, groups = 1, perFilter = false },
    ) {
      const shape = [...size, channels / groups, filters]
      const drawn = weights(shape, levels, perFilter)
      const node: Conv2d = {
        operator: 'conv2d',
        name: named('conv'),
        input,
        weights: drawn,
        ...numbers(input, drawn, perFilter),
        stride,
        padding,
        groups,
      }
      return push(node)
    },
    dense(input, inputs, units, levels) {
      const drawn = weights([inputs, units], levels, false)
      const node: Dense = {
        operator: 'dense',
        name: named('dense'),
        input,
        weights: drawn,
        ...numbers(input, drawn, false),
      }
      return push(node)
    },
    add(node) {
      // What a pool or the like makes of codes has their scale.
      const source = sources.get(inputsOf(node)[0]!)
      if (source) sources.set(node.name, source)
      return push(node)
    },
    finish: (output) => ({ input: { name: 'input', shape: inputShape }, nodes, output }),
  }
}

/** Uniform in [0, 1): mulberry32. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
