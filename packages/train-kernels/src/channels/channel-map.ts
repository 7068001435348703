import { compile, func, type Local, type V128, v128 } from '@lowbit/wasm-emit'
import { inBlocks, times } from '../blocks.js'
import { cachedProgram } from '../tfjs/program-cache.js'
import { scratch } from '../tfjs/scratch.js'
import { memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'
import { type ChannelPattern, channelPattern, writeTable } from './channel-pattern.js'

/** A formula over [pixels, channels] of f32 with some numbers for each channel; x and dy are values at the same place. */
export interface ChannelMap {
  /** Tells the formula apart from others in the cache of kernels. */
  readonly name: string
  readonly vector: (x: () => V128, dy: () => V128, numbers: readonly V128[]) => V128
  /** The same for the pixels that do not fill a vector. */
  readonly scalar: (x: number, dy: number, numbers: readonly number[]) => number
}

export interface MapAddresses {
  readonly x: number
  readonly dy?: number
  readonly y: number
}

/** Carries a formula out; `numbers` has one array [channels] for each number that it takes. */
export function mapChannels(
  backend: WasmBackend,
  map: ChannelMap,
  at: MapAddresses,
  pixels: number,
  channels: number,
  numbers: readonly ArrayLike<number>[],
): void {
  const memory = memoryOf(backend)
  const pattern = channelPattern(channels)
  const lanes = 4 * pattern.vectors
  const { run } = cachedProgram(memory, `map ${map.name} ${channels}`, () => {
    const [kernel] = compile([mapFunction(map, pattern, numbers.length)], memory)
    return { run: kernel }
  })
  const tables = scratch(backend, 4 * lanes * numbers.length) >>> 0
  for (const [i, values] of numbers.entries())
    writeTable(pattern, new Float32Array(memory.buffer, tables + 4 * lanes * i, lanes), values)
  const groups = Math.floor(pixels / pattern.pixels)
  if (groups > 0) run(at.x, at.dy ?? 0, at.y, tables, groups)
  mapRemaining(memory, map, at, channels, groups * pattern.pixels, pixels, numbers)
}

function mapRemaining(
  memory: WebAssembly.Memory,
  map: ChannelMap,
  at: MapAddresses,
  channels: number,
  from: number,
  to: number,
  numbers: readonly ArrayLike<number>[],
): void {
  const view = (address: number) =>
    new Float32Array(memory.buffer, address + 4 * from * channels, (to - from) * channels)
  const x = view(at.x)
  const dy = view(at.dy ?? at.x)
  const y = view(at.y)
  for (let i = 0; i < y.length; i++)
    y[i] = map.scalar(
      x[i]!,
      dy[i]!,
      numbers.map((values) => values[i % channels]!),
    )
}

const mapFunction = (map: ChannelMap, { channels, vectors }: ChannelPattern, numbers: number) =>
  func(
    `${map.name}Of${channels}Channels`,
    { x: 'i32', dy: 'i32', y: 'i32', tables: 'i32', groups: 'i32' },
    ({ x, dy, y, tables, groups }, body) => {
      const { advance, store } = body
      const step = (table: Local<'i32'>, width: number) => {
        for (let v = 0; v < width; v++) {
          const at = 16 * v
          const own = times(numbers, (i) => v128.load(table, 16 * vectors * i + at))
          const value = map.vector(
            () => v128.load(x, at),
            () => v128.load(dy, at),
            own,
          )
          store(y, value, at)
        }
        for (const pointer of [table, x, dy, y]) advance(pointer, 16 * width)
      }
      body.repeat(groups, () => {
        const table = body.local(tables, 'table')
        inBlocks(body, vectors, 8, (width) => step(table, width))
      })
    },
  )
