import { IntegerNetworkError } from '../format/index.js'
import type { Plan } from './plan.js'

/** Where everything lies, in bytes from the start of the memory. */
export interface Placement {
  readonly constants: readonly number[]
  readonly buffers: ReadonlyMap<string, number>
  /** Bytes of all of it. */
  readonly bytes: number
}

/** A cache line: no two things share one. */
const alignment = 64
/** Kernels may address what lies a little before an image's first pixel, so nothing lies at 0. */
const start = 4096
const most = 2 ** 30

/**
 * Gives each constant a place of its own, and each buffer one that it shares with buffers that are not needed while it is: largest
 * first, each at the lowest address that is free for as long as it lives.
 * @throws IntegerNetworkError LIMIT where more than 1 GiB is needed
 */
export function placeMemory(plan: Plan): Placement {
  let end = start
  const constants = plan.constants.map(({ length }) => {
    const at = end
    end += aligned(length)
    return at
  })
  const lives = livesOf(plan)
  const placed: Placed[] = []
  for (const [name, { bytes }] of [...plan.buffers].sort(([, a], [, b]) => b.bytes - a.bytes)) {
    const life = lives.get(name)
    if (!life) continue
    const neighbours = placed.filter((other) => other.first <= life.last && life.first <= other.last)
    placed.push({ name, ...life, from: lowest(end, aligned(bytes), neighbours), bytes: aligned(bytes) })
  }
  const bytes = placed.reduce((last, { from, bytes }) => Math.max(last, from + bytes), end)
  if (bytes > most) {
    throw new IntegerNetworkError('LIMIT', `the network needs ${bytes} bytes of memory, at most ${most}`)
  }
  return { constants, buffers: new Map(placed.map(({ name, from }) => [name, from])), bytes }
}

interface Life {
  /** The first and the last phase that need it. */
  readonly first: number
  readonly last: number
}

interface Placed extends Life {
  readonly name: string
  readonly from: number
  readonly bytes: number
}

function livesOf({ phases, input, output }: Plan): Map<string, Life> {
  const lives = new Map<string, Life>()
  const need = (name: string, at: number) => {
    const { first, last } = lives.get(name) ?? { first: at, last: at }
    lives.set(name, { first: Math.min(first, at), last: Math.max(last, at) })
  }
  need(input.buffer, -1)
  for (const [i, calls] of phases.entries()) {
    for (const address of calls.flatMap((call) => Object.values(call.arguments))) {
      if (address !== 'unused' && 'buffer' in address) need(address.buffer, i)
    }
  }
  need(output.buffer, phases.length)
  return lives
}

/** The lowest address from `start` on where `bytes` overlap none of the neighbours. */
function lowest(start: number, bytes: number, neighbours: readonly Placed[]): number {
  let at = start
  for (const { from, bytes: taken } of neighbours.toSorted((a, b) => a.from - b.from)) {
    if (from - at >= bytes) break
    at = Math.max(at, from + taken)
  }
  return at
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment
