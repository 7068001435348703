import type { Engine } from '../engine.js'
import { type CodeRange, limits, noPadding, type Padding, type Value } from '../format/index.js'
import type { Kernel } from '../kernels/kernel.js'
import { denseLayoutOf, type Layout, layoutOf } from './layout.js'
import type { Address, Call, Plan } from './plan.js'

/** A plan in the making: where values lie, and what has been planned so far. */
export interface Planning {
  readonly engine: Engine
  layout(name: string): Layout
  range(name: string): CodeRange
  /** What calls read, its parts one after the other. */
  constant(...parts: readonly Uint8Array[]): Address
  /** Memory for the calls of one stage. */
  scratch(bytes: number): Address
  /** Notes what the size of no sum of a layer exceeds. */
  largestSum(node: string, sum: number): void
  call(node: string, kernel: Kernel, values: Readonly<Record<string, Address>>): void
}

/**
 * @param halos what convolutions read around the values that they take
 */
export function planning(
  engine: Engine,
  values: ReadonlyMap<string, Value>,
  input: string,
  halos: ReadonlyMap<string, Padding>,
): Planning & { finish(output: string): Plan } {
  const calls: Call[] = []
  const constants: Uint8Array[] = []
  const buffers = new Map<string, { bytes: number }>()
  const layouts = new Map<string, Layout>()
  const largestSums = new Map<string, number>()
  let scratches = 0

  const value = (name: string): Value => values.get(name)!
  const layout = (name: string): Layout => {
    const known = layouts.get(name)
    if (known) return known
    const { kind, shape } = value(name)
    const halo = halos.get(name) ?? noPadding
    const made = name === input ? denseLayoutOf(shape, halo) : layoutOf(kind, shape, halo)
    layouts.set(name, made)
    buffers.set(name, { bytes: made.bytes })
    return made
  }
  return {
    engine,
    layout,
    range(name) {
      const found = value(name)
      if (found.kind !== 'codes') throw new TypeError(`${name} holds no codes`)
      return found.range
    },
    constant(...parts) {
      return { constant: constants.push(joined(parts)) - 1, offset: 0 }
    },
    scratch(bytes) {
      // Longer than a name in a file can be, so that it is none.
      const name = `scratch ${scratches++}`.padEnd(limits.name + 1)
      buffers.set(name, { bytes })
      return { buffer: name, offset: 0 }
    },
    largestSum(node, sum) {
      largestSums.set(node, sum)
    },
    call(node, kernel, values) {
      calls.push({ node, kernel, arguments: values })
    },
    finish(output) {
      return {
        phases: calls.map((call) => [call]),
        constants,
        buffers,
        largestSums,
        input: { buffer: input, layout: layout(input) },
        output: { buffer: output, layout: layout(output) },
      }
    },
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
