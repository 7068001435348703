import { supportsThreads } from '@lowbit/wasm-emit'
import { type BoundPlan, bindPlan } from './bind-plan.js'
import { describe, type LayerDescription } from './describe.js'
import { detectEngine, type Engine } from './engine.js'
import { inferValues } from './format/check-network.js'
import { decodeNetwork, IntegerNetworkError } from './format/index.js'
import { elementsOf } from './format/limits.js'
import { times } from './kernels/times.js'
import type { Placement } from './plan/place-memory.js'
import type { Plan } from './plan/plan.js'
import { planNetwork } from './plan/plan-network.js'
import { splitPlan } from './plan/split-plan.js'
import { type Crew, startCrew } from './threads/crew.js'

export interface LoadOptions {
  /** What kernels may count on; by default all that this engine on this machine can do. The results are the same bits. */
  readonly engine?: Engine
  /**
   * Threads that share the work of each layer, the calling one among them: 1..64, by default 1. One where memory cannot be shared:
   * a page has to be cross-origin isolated. They look out for work for a while after each run, which takes processor time.
   */
  readonly threads?: number
}

/** A network in a memory of its own, with kernels for its shapes and widths. */
export class IntegerNetwork {
  /** [height, width, channels] or [length] of one image. */
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  /** Threads that share its work. */
  readonly threads: number
  readonly #layers: readonly LayerDescription[]
  readonly #memory: WebAssembly.Memory
  readonly #input: Placed
  readonly #output: Placed
  #crew: Crew | undefined

  /**
   * Checks a network file, plans its memory and compiles its kernels.
   * @param bytes of a file as `docs/integer-network.md` describes it
   * @throws IntegerNetworkError with a `code`: where the file is refused, before any kernel is made; or where threads cannot start
   */
  static async load(bytes: Uint8Array, options: LoadOptions = {}): Promise<IntegerNetwork> {
    const { engine = detectEngine(), threads: asked = 1 } = options
    if (!Number.isInteger(asked) || asked < 1 || asked > 64) {
      throw new IntegerNetworkError(
        'INPUT',
        `IntegerNetwork.load() threads is ${asked}, expected a whole number from 1 to 64`,
      )
    }
    const threads = supportsThreads() ? asked : 1
    const network = decodeNetwork(bytes)
    const values = inferValues(network)
    const plan = splitPlan(planNetwork(network, engine), threads)
    const bound = await bindPlan(plan, threads > 1)
    return new IntegerNetwork(plan, bound, await crewFor(bound, threads), describe(network, values, plan), {
      input: network.input.shape,
      output: values.get(network.output)!.shape,
      threads,
    })
  }

  private constructor(
    plan: Plan,
    { memory, placement }: BoundPlan,
    crew: Crew,
    layers: readonly LayerDescription[],
    facts: { readonly input: readonly number[]; readonly output: readonly number[]; readonly threads: number },
  ) {
    this.#memory = memory
    this.#crew = crew
    this.#input = placed(plan.input, placement, memory)
    this.#output = placed(plan.output, placement, memory)
    this.#layers = layers
    this.inputShape = facts.input
    this.outputShape = facts.output
    this.threads = facts.threads
  }

  /** Bytes of the memory that the network has: weights, and everything between its layers. It does not grow. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength
  }

  /**
   * Runs images one after the other.
   * @param input f32 numbers of one or more images, each as `inputShape` says, row-major (NHWC)
   * @returns f32 numbers of as many outputs, each as `outputShape` says
   * @throws IntegerNetworkError INPUT where the length is no multiple of an image's, or 0, or the network is closed
   */
  run(input: Float32Array): Float32Array<ArrayBuffer> {
    const crew = this.#crew
    if (!crew) throw new IntegerNetworkError('INPUT', 'IntegerNetwork.run() the network is closed')
    const size = elementsOf(this.inputShape)
    const count = input.length / size
    if (!Number.isInteger(count) || count === 0) {
      throw new IntegerNetworkError(
        'INPUT',
        `IntegerNetwork.run() ${input.length} numbers, expected a multiple of ${size}`,
      )
    }
    const output = new Float32Array(count * elementsOf(this.outputShape))
    let read = 0
    let written = 0
    for (let image = 0; image < count; image++) {
      for (const floats of this.#input) {
        floats.set(input.subarray(read, read + floats.length))
        read += floats.length
      }
      crew.run()
      for (const floats of this.#output) {
        output.set(floats, written)
        written += floats.length
      }
    }
    return output
  }

  /** Ends its other threads, if it has any. It cannot run then. */
  close(): void {
    this.#crew?.close()
    this.#crew = undefined
  }

  /** One row for each node: shapes, bits, bytes, products, kernels. */
  describe(): readonly LayerDescription[] {
    return this.#layers
  }
}

async function crewFor(bound: BoundPlan, threads: number): Promise<Crew> {
  if (threads === 1) {
    const calls = bound.phases.flat().map(({ run }) => run)
    return {
      run() {
        for (const call of calls) call()
      },
      close() {},
    }
  }
  try {
    return await startCrew(bound, threads)
  } catch (cause) {
    throw new IntegerNetworkError('ENGINE', `IntegerNetwork.load() could not start ${threads - 1} more threads`, {
      cause,
    })
  }
}

/** The floats of an image in memory, in order: all at once, or by rows or pixels where there are gaps between them. */
type Placed = readonly Float32Array[]

function placed({ buffer, layout }: Plan['input'], { buffers }: Placement, memory: WebAssembly.Memory): Placed {
  const { origin, height, width, channels, row, pixel } = layout
  const rowLength = width * channels
  const [rows, columns, length] =
    pixel > 4 * channels
      ? [height, width, channels]
      : row > 4 * rowLength
        ? [height, 1, rowLength]
        : [1, 1, height * rowLength]
  const first = buffers.get(buffer)! + origin
  return times(rows * columns, (i) => {
    const at = first + Math.floor(i / columns) * row + (i % columns) * pixel
    return new Float32Array(memory.buffer, at, length)
  })
}
