import type { CodeRange } from '../format/index.js'
import type { Strides } from '../kernels/strides.js'
import { magicBits, type Tail, type TailStep } from '../kernels/tail.js'
import type { Address } from './plan.js'
import type { Planning } from './planning.js'
import type { TailNode } from './stages.js'

/** A tail for kernels, and what they are to be called with. */
export interface PlannedTail {
  readonly tail: Tail
  readonly constants: Address
  /** Where the first pixel's channels from `channel` on lie in each of the tail's buffers, by the names of parameters. */
  buffersFrom(channel: number): Readonly<Record<string, Address>>
}

export function planTail(planning: Planning, nodes: readonly TailNode[]): PlannedTail {
  const steps: TailStep[] = []
  const buffers: {
    readonly name: string
    readonly strides: Strides
    readonly origin: number
    readonly bytes: number
  }[] = []
  const constants: Uint8Array[] = []
  const buffer = (name: string): number => {
    const { kind, row, pixel, origin } = planning.layout(name)
    return buffers.push({ name, strides: { row, pixel }, origin, bytes: kind === 'codes' ? 1 : 4 }) - 1
  }
  const floats = (...numbers: number[]) => {
    for (const x of numbers) constants.push(new Uint8Array(new Float32Array(4).fill(x).buffer))
  }
  const integers = (...numbers: number[]) => {
    for (const x of numbers) constants.push(new Uint8Array(new Int32Array(4).fill(x).buffer))
  }
  for (const node of nodes) {
    switch (node.operator) {
      case 'clamp':
        floats(node.minimum ?? -Infinity, node.maximum ?? Infinity)
        steps.push({ kind: 'clamp' })
        break
      case 'rescale':
        floats(node.factor)
        steps.push({ kind: 'rescale' })
        break
      case 'tanh':
        steps.push({ kind: 'tanh' })
        break
      case 'add':
        if (node.codes) {
          const { scale, zero } = dequantization(planning.range(node.other))
          integers(zero)
          floats(scale)
          steps.push({ kind: 'add-codes', buffer: buffer(node.other) })
        } else steps.push({ kind: 'add-float', buffer: buffer(node.other) })
        break
      case 'store':
        steps.push({ kind: 'store', buffer: buffer(node.name) })
        break
      case 'quantize': {
        const { scale, zeroPoint, minimum, maximum } = node
        floats(Math.fround(1 / scale), minimum - zeroPoint, maximum - zeroPoint)
        integers(magicBits + minimum - zeroPoint)
        steps.push({ kind: 'quantize', buffer: buffer(node.name) })
        break
      }
    }
  }
  return {
    tail: { steps, buffers: buffers.map(({ strides }) => strides) },
    constants: planning.constant(...constants),
    buffersFrom: (channel) =>
      Object.fromEntries(
        buffers.map(({ name, origin, bytes }, i) => [`buffer${i}`, { buffer: name, offset: origin + channel * bytes }]),
      ),
  }
}

/** What turns stored codes, which are less the smallest, back into floats. */
export function dequantization({ scale, zeroPoint, minimum }: CodeRange): { scale: number; zero: number } {
  return { scale, zero: zeroPoint - minimum }
}
