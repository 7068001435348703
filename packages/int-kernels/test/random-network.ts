import type { Network, Node, Padding, Pair, Value } from '../src/format/index.js'
import { valueMadeBy } from '../src/format/value.js'
import { generator } from '../src/synthetic/network-builder.js'

/** A network of random operators on random values that were made before, so that values have several readers, or none. */
export function randomNetwork(seed: number): Network {
  const random = generator(seed)
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
  const pick = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)]!
  const floats = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5)
  const shape = [whole(5, 9), whole(5, 9), whole(1, 9)]
  const nodes: Node[] = []
  const values = new Map<string, Value>([['input', { kind: 'float', shape }]])
  const make = (node: Node, ...inputs: readonly Value[]) => {
    nodes.push(node)
    values.set(node.name, valueMadeBy(node, [inputs[0]!, inputs[1]]))
  }
  const padding = ([vertical, horizontal]: Pair): Padding => ({
    top: whole(0, vertical - 1),
    bottom: whole(0, vertical - 1),
    left: whole(0, horizontal - 1),
    right: whole(0, horizontal - 1),
  })
  const window = ([height, width]: readonly number[]): Pair => [
    whole(1, Math.min(3, height!)),
    whole(1, Math.min(3, width!)),
  ]
  const stride = (): Pair => [whole(1, 2), whole(1, 2)]
  const weights = (shape: readonly number[], perFilter: boolean) => {
    const levels = whole(2, 256)
    const count = shape.reduce((product, n) => product * n, 1)
    const filters = shape.at(-1)!
    const numbers = perFilter ? filters : 1
    return {
      weights: {
        codes: Uint8Array.from({ length: count }, () => random() * levels),
        shape,
        levels,
        zeroPoint: Uint8Array.from({ length: numbers }, () => random() * levels),
      },
      bias: Int32Array.from({ length: filters }, () => (random() - 0.5) * 100),
      scale: Float32Array.from({ length: numbers }, () => (random() + 0.1) / levels / 20),
    }
  }

  const count = whole(3, 16)
  for (let i = 0; i < count; i++) {
    const name = `${i}`
    const [input, value] = pick([...values].slice(-4))
    const isImage = value.shape.length === 3
    const [height, width, channels] = value.shape as [number, number, number]
    if (value.kind === 'codes') {
      const node = pick<() => Node>([
        () => ({ operator: 'dequantize', name, input }),
        ...(isImage
          ? [
              () => {
                const size = window(value.shape)
                const groups = pick([1, 1, channels])
                const filters = groups === 1 ? whole(1, 9) : channels * whole(1, 2)
                const shape = [...size, channels / groups, filters]
                const numbers = weights(shape, random() < 0.5)
                return {
                  operator: 'conv2d',
                  name,
                  input,
                  ...numbers,
                  stride: stride(),
                  padding: padding(size),
                  groups,
                } as const
              },
              () => {
                const size = window(value.shape)
                return { operator: 'max-pool', name, input, size, stride: stride(), padding: padding(size) } as const
              },
              () => ({ operator: 'flatten', name, input }) as const,
              () => ({ operator: 'pad-channels', name, input, before: whole(0, 3), after: whole(0, 3) }) as const,
            ]
          : [
              () =>
                ({
                  operator: 'dense',
                  name,
                  input,
                  ...weights([value.shape[0]!, whole(1, 12)], random() < 0.5),
                }) as const,
            ]),
      ])()
      make(node, value)
      continue
    }
    const alike = [...values].filter(([, other]) => other.kind === 'float' && `${other.shape}` === `${value.shape}`)
    const node = pick<() => Node>([
      () => {
        const levels = whole(2, 256)
        const zeroPoint = whole(0, levels - 1)
        const scale = Math.fround((random() + 0.5) / levels)
        const [minimum, maximum] = [whole(0, zeroPoint), whole(zeroPoint, levels - 1)]
        return { operator: 'quantize', name, input, scale, zeroPoint, levels, minimum, maximum }
      },
      () => ({ operator: 'clamp', name, input, minimum: pick([null, 0, -1, 0.25]), maximum: pick([null, 1, 6]) }),
      () => ({ operator: 'rescale', name, input, factor: pick([0.5, -1.25, 3]) }),
      () => ({ operator: 'tanh', name, input }),
      () => ({ operator: 'add', name, inputs: [input, pick(alike)[0]] }),
      ...(isImage
        ? [
            () => {
              const size = window(value.shape)
              const filters = whole(1, 9)
              return {
                operator: 'float-conv2d',
                name,
                input,
                shape: [...size, channels, filters],
                weights: floats(size[0] * size[1] * channels * filters),
                bias: floats(filters),
                stride: stride(),
                padding: padding(size),
              } as const
            },
            () => {
              const size = window(value.shape)
              return { operator: 'max-pool', name, input, size, stride: stride(), padding: padding(size) } as const
            },
            () => ({ operator: 'average-pool', name, input, size: window([height, width]), stride: stride() }) as const,
            () => ({ operator: 'global-average-pool', name, input }) as const,
            () => ({ operator: 'flatten', name, input }) as const,
            () => ({ operator: 'pad-channels', name, input, before: whole(0, 3), after: whole(0, 3) }) as const,
          ]
        : [
            () => {
              const units = whole(1, 9)
              const weights = floats(value.shape[0]! * units)
              return {
                operator: 'float-dense',
                name,
                input,
                shape: [value.shape[0]!, units],
                weights,
                bias: floats(units),
              } as const
            },
          ]),
    ])()
    make(node, value, ...(node.operator === 'add' ? [values.get(node.inputs[1])!] : []))
  }
  const [output] = [...values].findLast(([, { kind }]) => kind === 'float')!
  return { input: { name: 'input', shape }, nodes, output }
}
