import { bindPlan } from '../bind-plan.js'
import type { Engine } from '../engine.js'
import { detectEngine } from '../engine.js'
import { type Padding, type Pair, windowedSize } from '../format/index.js'
import { planNetwork } from '../plan/plan-network.js'
import { networkBuilder } from './network-builder.js'

/** A convolution of random weights by itself, codes in and codes out, for measuring. */
export interface IsolatedConvolution {
  /** Computes the layer once. */
  run(): void
  /** Products of a run. */
  readonly macs: number
  /** What runs it, in order. */
  readonly kernels: readonly string[]
}

export interface IsolatedShape {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: number
  /** Of the window; odd, with half of it padded on each side. A product of matrices has 1 x 1. */
  readonly size: Pair
  /** Default: 1. */
  readonly stride?: Pair
  readonly bits: number
}

export async function isolatedConvolution(
  { height, width, channels, filters, size, stride = [1, 1], bits }: IsolatedShape,
  engine: Engine = detectEngine(),
): Promise<IsolatedConvolution> {
  const levels = 2 ** bits
  const { quantize, convolution, add, finish } = networkBuilder([height, width, channels], 1)
  const [vertical, horizontal] = size.map((n) => (n - 1) / 2) as [number, number]
  const padding: Padding = { top: vertical, bottom: vertical, left: horizontal, right: horizontal }
  const window = { size, stride, padding }
  const layer = convolution(quantize('input', levels, 'positive'), { ...window, channels, filters, levels })
  const output = add({ operator: 'dequantize', name: 'output', input: quantize(layer, levels, 'positive') })
  const [rows, columns] = windowedSize([height, width], size, stride, padding)
  const plan = planNetwork(finish(output), engine)
  const { phases, memory, placement } = await bindPlan(plan)
  const calls = phases.flat()
  const image = new Float32Array(memory.buffer, placement.buffers.get('input'), height * width * channels)
  for (let i = 0; i < image.length; i++) image[i] = ((i * 0.618) % 1) * 3
  for (const { run } of calls) run()
  const own = calls.filter(({ node }) => node === layer)
  return {
    run() {
      for (const { run } of own) run()
    },
    macs: rows * columns * channels * filters * size[0] * size[1],
    kernels: plan.phases.flat().flatMap(({ node, kernel }) => (node === layer ? [kernel.kernel] : [])),
  }
}
