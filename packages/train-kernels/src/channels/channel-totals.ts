import { type Body, compile, f32x4, f64x2, func, i32, type Local, select, type V128, v128 } from '@lowbit/wasm-emit'
import { inBlocks, times } from '../blocks.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { scratch } from '../tfjs/scratch.js'
import { memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'
import { type ChannelPattern, channelPattern, foldLanes, writeTable } from './channel-pattern.js'

/** What is summed over the pixels of each channel; see `summations.ts`. */
export interface Summation {
  /** Tells the summation apart from others in the cache of kernels. */
  readonly name: string
  /** Vectors of channels whose totals stay in registers. */
  readonly width: number
  /** How many totals a channel has. */
  readonly totals: 1 | 2
  /** The summands of four channels of a pixel; may also write to an array. */
  readonly vector: (pixel: PixelVector, center: () => V128, constants: readonly V128[]) => readonly V128[]
  /** The same for the pixels that do not fill a vector. */
  readonly scalar: (pixel: PixelScalar, center: number, constants: readonly number[]) => readonly number[]
}

type ArrayName = 'x' | 'dy' | 'dx'

export interface PixelVector {
  read(array: ArrayName): V128
  write(array: ArrayName, value: V128): void
  local: Body['local']
}

export interface PixelScalar {
  read(array: ArrayName): number
  write(array: ArrayName, value: number): void
}

/** Where arrays [pixels, channels] of f32 lie; those that a summation does not use are left out. */
export type PixelAddresses = { readonly [A in ArrayName]?: number }

/** Numbers for a summation: one a channel (or none), and up to three for all. */
export interface SummationNumbers {
  readonly center?: ArrayLike<number>
  readonly constants?: readonly number[]
}

/** Bytes of an array summed in f32 before that is added to totals in f64. */
const chunkBytes = 1 << 13

/** The groups of a chunk. */
const chunkOf = ({ vectors }: ChannelPattern) => Math.max(1, Math.floor(chunkBytes / (16 * vectors)))

/** The totals over the pixels of each channel, in f64. */
export function channelTotals(
  backend: WasmBackend,
  summation: Summation,
  at: PixelAddresses,
  pixels: number,
  channels: number,
  numbers: SummationNumbers = {},
): Float64Array[] {
  const area = scratch(backend, totalsBytes(summation, channels)) >>> 0
  return gatherTotals(memoryOf(backend), summation, at, pixels, channels, numbers, area).finish()
}

/** Totals that are gathered while pixels are being written. */
export interface GatheredTotals {
  /** Goes over what is new, in whole chunks, now that so many pixels are there. */
  take(pixels: number): void
  /** The totals, once all pixels are there: the same bits however they came. */
  finish(): Float64Array[]
}

/** Bytes that totals in the making need. */
export const totalsBytes = ({ totals }: Summation, channels: number) =>
  (8 * totals + 4) * 4 * channelPattern(channels).vectors

/** The same totals over pixels that need not all be there yet, in an area of memory that stays theirs until they are finished. */
export function gatherTotals(
  memory: WebAssembly.Memory,
  summation: Summation,
  at: PixelAddresses,
  pixels: number,
  channels: number,
  { center = [], constants = [] }: SummationNumbers,
  sums: number,
): GatheredTotals {
  const pattern = channelPattern(channels)
  const lanes = 4 * pattern.vectors
  const { run } = cachedProgram(memory, `totals ${summation.name} ${channels}`, () => {
    const [kernel] = compile([totalsFunction(summation, pattern)], memory)
    return { run: kernel }
  })
  const table = sums + 8 * summation.totals * lanes
  if (center.length > 0) writeTable(pattern, new Float32Array(memory.buffer, table, lanes), center)
  const totals = new Float64Array(memory.buffer, sums, summation.totals * lanes).fill(0)
  const [a = 0, b = 0, c = 0] = constants
  const chunk = chunkOf(pattern)
  let done = 0
  const goTo = (groups: number) => {
    const bytes = 16 * pattern.vectors * done
    const [x, dy, dx] = [at.x, at.dy, at.dx].map((address = 0) => address + bytes) as [number, number, number]
    if (groups > done) run(x, dy, dx, table, sums, groups - done, a, b, c)
    done = groups
  }
  return {
    take: (written) => goTo(Math.floor(written / pattern.pixels / chunk) * chunk),
    finish() {
      goTo(Math.floor(pixels / pattern.pixels))
      const folded = times(summation.totals, (t) => foldLanes(pattern, totals.subarray(t * lanes, (t + 1) * lanes)))
      const from = done * pattern.pixels * channels
      addRemaining(memory, summation, at, from, pixels * channels, center, constants, folded)
      return folded
    },
  }
}

/** Values from..to, of the pixels that do not fill a group. */
function addRemaining(
  memory: WebAssembly.Memory,
  summation: Summation,
  at: PixelAddresses,
  from: number,
  to: number,
  center: ArrayLike<number>,
  constants: readonly number[],
  totals: readonly Float64Array[],
): void {
  if (from === to) return
  const views = { x: at.x, dy: at.dy, dx: at.dx } as const
  const view = (array: ArrayName) => new Float32Array(memory.buffer, views[array] ?? 0, to)
  const arrays = { x: view('x'), dy: view('dy'), dx: view('dx') }
  const channels = totals[0]!.length
  for (let i = from; i < to; i++) {
    const pixel: PixelScalar = {
      read: (array) => arrays[array][i]!,
      write: (array, value) => {
        arrays[array][i] = value
      },
    }
    const summands = summation.scalar(pixel, center[i % channels] ?? 0, constants)
    for (const [t, total] of totals.entries()) total[i % channels]! += summands[t]!
  }
}

/** sums: a total of each lane in f64, then the other. */
const totalsFunction = (summation: Summation, pattern: ChannelPattern) =>
  func(
    `${summation.name}Of${pattern.channels}Channels`,
    {
      ...{ x: 'i32', dy: 'i32', dx: 'i32', center: 'i32', sums: 'i32', groups: 'i32' },
      ...{ first: 'f32', second: 'f32', third: 'f32' },
    },
    ({ x, dy, dx, center, sums, groups, first, second, third }, body) => {
      const { local, advance } = body
      const constants = [first, second, third].map((constant) => local(f32x4.splat(constant)))
      const { vectors } = pattern
      const chunk = chunkOf(pattern)
      body.loopWhile(
        () => i32.gtS(groups, 0),
        () => {
          const rows = local(select(i32.ltS(groups, chunk), groups, i32.const(chunk)), 'rows')
          const at = { x: local(x), dy: local(dy), dx: local(dx), center: local(center), sums: local(sums) }
          inBlocks(body, vectors, summation.width, (width) => {
            sumChunk(body, summation, { vectors, width }, rows, at, constants)
            for (const pointer of [at.x, at.dy, at.dx, at.center]) advance(pointer, 16 * width)
            advance(at.sums, 32 * width)
          })
          for (const pointer of [x, dy, dx]) advance(pointer, i32.mul(rows, 16 * vectors))
          groups.set(i32.sub(groups, rows))
        },
      )
    },
  )

type Pointers = Readonly<Record<ArrayName | 'center' | 'sums', Local<'i32'>>>

/** Sums some vectors of some rows in f32, and adds that to the totals. */
function sumChunk(
  body: Body,
  summation: Summation,
  { vectors, width }: { vectors: number; width: number },
  rows: Local<'i32'>,
  at: Pointers,
  constants: readonly V128[],
): void {
  const { local, advance } = body
  const totals = times(width, () => times(summation.totals, () => local(v128.zero)))
  const arrays = { x: local(at.x), dy: local(at.dy), dx: local(at.dx) }
  body.repeat(rows, () => {
    for (const [v, own] of totals.entries()) {
      const pixel: PixelVector = {
        read: (array) => v128.load(arrays[array], 16 * v),
        write: (array, value) => body.store(arrays[array], value, 16 * v),
        local,
      }
      const summands = summation.vector(pixel, () => v128.load(at.center, 16 * v), constants)
      for (const [t, total] of own.entries()) total.set(f32x4.add(total, summands[t]!))
    }
    for (const pointer of [arrays.x, arrays.dy, arrays.dx]) advance(pointer, 16 * vectors)
  })
  for (const [v, own] of totals.entries())
    for (const [t, total] of own.entries()) addTo(body, at.sums, 32 * (t * vectors + v), total)
}

/** Adds four f32 to four f64 in memory. */
function addTo(body: Body, address: Local<'i32'>, offset: number, sum: V128): void {
  const high = f32x4.shuffle(sum, sum, [2, 3, 2, 3])
  for (const [i, half] of [sum, high].entries()) {
    const total = v128.load(address, offset + 16 * i)
    body.store(address, f64x2.add(total, f64x2.promoteLow(half)), offset + 16 * i)
  }
}
