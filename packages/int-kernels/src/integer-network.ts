import { type BoundPlan, bindPlan } from './bind-plan.js'
import { describe, type LayerDescription } from './describe.js'
import { detectEngine, type Engine } from './engine.js'
import { inferValues } from './format/check-network.js'
import { decodeNetwork, IntegerNetworkError } from './format/index.js'
import type { Layout } from './plan/layout.js'
import type { Placement } from './plan/place-memory.js'
import type { Plan } from './plan/plan.js'
import { planNetwork } from './plan/plan-network.js'

export interface LoadOptions {
  /** What kernels may count on; by default all that this engine on this machine can do. The results are the same bits. */
  readonly engine?: Engine
}

/** A network in a memory of its own, with kernels for its shapes and widths. */
export class IntegerNetwork {
  /** [height, width, channels] or [length] of one image. */
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  readonly #layers: readonly LayerDescription[]
  readonly #memory: WebAssembly.Memory
  readonly #calls: readonly (() => void)[]
  readonly #input: Placed
  readonly #output: Placed

  /**
   * Checks a network file, plans its memory and compiles its kernels.
   * @param bytes of a file as `docs/integer-network.md` describes it
   * @throws IntegerNetworkError with a `code` where the file is refused, before any kernel is made
   */
  static async load(bytes: Uint8Array, { engine = detectEngine() }: LoadOptions = {}): Promise<IntegerNetwork> {
    const network = decodeNetwork(bytes)
    const plan = planNetwork(network, engine)
    const values = inferValues(network)
    return new IntegerNetwork(plan, await bindPlan(plan), describe(network, values, plan), {
      input: network.input.shape,
      output: values.get(network.output)!.shape,
    })
  }

  private constructor(
    plan: Plan,
    { memory, placement, calls }: BoundPlan,
    layers: readonly LayerDescription[],
    shapes: { readonly input: readonly number[]; readonly output: readonly number[] },
  ) {
    this.#memory = memory
    this.#calls = calls.map(({ run }) => run)
    this.#input = placed(plan.input, placement, memory)
    this.#output = placed(plan.output, placement, memory)
    this.#layers = layers
    this.inputShape = shapes.input
    this.outputShape = shapes.output
  }

  /** Bytes of the memory that the network has: weights, and everything between its layers. It does not grow. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength
  }

  /**
   * Runs images one after the other.
   * @param input f32 numbers of one or more images, each as `inputShape` says, row-major (NHWC)
   * @returns f32 numbers of as many outputs, each as `outputShape` says
   * @throws IntegerNetworkError INPUT where the length is no multiple of an image's, or 0
   */
  run(input: Float32Array): Float32Array<ArrayBuffer> {
    const size = elements(this.inputShape)
    const count = input.length / size
    if (!Number.isInteger(count) || count === 0) {
      throw new IntegerNetworkError(
        'INPUT',
        `IntegerNetwork.run() ${input.length} numbers, expected a multiple of ${size} for images of [${this.inputShape}]`,
      )
    }
    const outputSize = elements(this.outputShape)
    const output = new Float32Array(count * outputSize)
    for (let image = 0; image < count; image++) {
      write(this.#input, input, image * size)
      for (const call of this.#calls) call()
      read(this.#output, output, image * outputSize)
    }
    return output
  }

  /** One row for each node: shapes, bits, bytes, products, kernels. */
  describe(): readonly LayerDescription[] {
    return this.#layers
  }
}

/** An image in memory: floats from its first pixel on. */
interface Placed {
  readonly layout: Layout
  readonly floats: Float32Array
}

function placed({ buffer, layout }: Plan['input'], { buffers }: Placement, memory: WebAssembly.Memory): Placed {
  return { layout, floats: new Float32Array(memory.buffer, buffers.get(buffer)! + layout.origin) }
}

function write({ layout, floats }: Placed, from: Float32Array, start: number): void {
  const { height, width, channels, row } = layout
  const rowLength = width * channels
  if (row === 4 * rowLength) floats.set(from.subarray(start, start + height * rowLength))
  else
    for (let y = 0; y < height; y++)
      floats.set(from.subarray(start + y * rowLength, start + (y + 1) * rowLength), (y * row) / 4)
}

function read({ layout, floats }: Placed, to: Float32Array, start: number): void {
  const { height, width, channels, row, pixel } = layout
  const filled = pixel === 4 * channels
  const run = filled ? width * channels : channels
  let at = start
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < (filled ? 1 : width); x++) {
      const first = (y * row + x * pixel) / 4
      to.set(floats.subarray(first, first + run), at)
      at += run
    }
  }
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
