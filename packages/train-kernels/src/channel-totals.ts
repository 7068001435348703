import { type Body, compile, f32x4, f64x2, func, i32, type Local, select, type V128, v128 } from '@lowbit/wasm-emit'
import { inBlocks, times } from './blocks.js'
import { type ChannelPattern, channelPattern, foldLanes, writeTable } from './channel-pattern.js'
import { cachedProgram } from './program-cache.js'
import { scratch } from './scratch.js'
import { memoryOf, type WasmBackend } from './wasm-backend.js'

/** What is summed over the pixels of each channel. */
export type Totals =
  /** x */
  | 'sum'
  /** x - center and its square */
  | 'moments'
  /** dy and dy * (x - center) */
  | 'gradient'

/** Where [pixels, channels] of f32 lie; `dy` only for `gradient`. */
export interface PixelAddresses {
  readonly x: number
  readonly dy?: number
}

/** Bytes of x summed in f32 before they are added to totals in f64. */
const chunkBytes = 1 << 13

/** Totals over the pixels of each channel, in f64; the first and, but for `sum`, the second of what is named. */
export function channelTotals(
  backend: WasmBackend,
  totals: Totals,
  at: PixelAddresses,
  pixels: number,
  channels: number,
  center: ArrayLike<number>,
): [Float64Array, Float64Array] {
  const memory = memoryOf(backend)
  const pattern = channelPattern(channels)
  const lanes = 4 * pattern.vectors
  const { run } = cachedProgram(memory, `totals ${totals} ${channels}`, () => {
    const [kernel] = compile([totalsFunction(totals, pattern)], memory)
    return { run: kernel }
  })
  const groups = Math.floor(pixels / pattern.pixels)
  const sums = scratch(backend, (16 + 4) * lanes) >>> 0
  const table = new Float32Array(memory.buffer, sums + 16 * lanes, lanes)
  writeTable(pattern, table, center)
  const both = new Float64Array(memory.buffer, sums, 2 * lanes)
  both.fill(0)
  if (groups > 0) run(at.x, at.dy ?? 0, sums + 16 * lanes, sums, groups)
  const folded: [Float64Array, Float64Array] = [
    foldLanes(pattern, both.subarray(0, lanes)),
    foldLanes(pattern, both.subarray(lanes)),
  ]
  addRemaining(memory, totals, at, groups * pattern.pixels, pixels, center, folded)
  return folded
}

/** Pixels that do not fill a group. */
function addRemaining(
  memory: WebAssembly.Memory,
  totals: Totals,
  at: PixelAddresses,
  from: number,
  to: number,
  center: ArrayLike<number>,
  [first, second]: [Float64Array, Float64Array],
): void {
  const channels = first.length
  const view = (address: number) =>
    new Float32Array(memory.buffer, address + 4 * from * channels, (to - from) * channels)
  const x = view(at.x)
  const dy = view(at.dy ?? at.x)
  for (let i = 0; i < x.length; i++) {
    const c = i % channels
    const difference = totals === 'sum' ? x[i]! : x[i]! - center[c]!
    first[c]! += totals === 'gradient' ? dy[i]! : difference
    second[c]! += totals === 'gradient' ? dy[i]! * difference : difference * difference
  }
}

/** sums: the first total of each lane in f64, then the second. */
const totalsFunction = (totals: Totals, { vectors, channels }: ChannelPattern) =>
  func(
    `${totals}Of${channels}Channels`,
    { x: 'i32', dy: 'i32', center: 'i32', sums: 'i32', groups: 'i32' },
    ({ x, dy, center, sums, groups }, body) => {
      const { local, advance } = body
      const chunk = Math.max(1, Math.floor(chunkBytes / (16 * vectors)))
      body.loopWhile(
        () => i32.gtS(groups, 0),
        () => {
          const rows = local(select(i32.ltS(groups, chunk), groups, i32.const(chunk)), 'rows')
          const column = { x: local(x), dy: local(dy), center: local(center), sums: local(sums) }
          inBlocks(body, vectors, 4, (width) => {
            sumChunk(body, totals, vectors, width, rows, column)
            for (const pointer of [column.x, column.dy, column.center]) advance(pointer, 16 * width)
            advance(column.sums, 32 * width)
          })
          advance(x, i32.mul(rows, 16 * vectors))
          advance(dy, i32.mul(rows, 16 * vectors))
          groups.set(i32.sub(groups, rows))
        },
      )
    },
  )

interface Column {
  readonly x: Local<'i32'>
  readonly dy: Local<'i32'>
  readonly center: Local<'i32'>
  readonly sums: Local<'i32'>
}

/** Sums some vectors of some rows in f32, and adds that to the totals. */
function sumChunk(body: Body, totals: Totals, vectors: number, width: number, rows: Local<'i32'>, at: Column): void {
  const { local, advance } = body
  const center = times(totals === 'sum' ? 0 : width, (v) => local(v128.load(at.center, 16 * v)))
  const first = times(width, () => local(v128.zero))
  const second = times(totals === 'sum' ? 0 : width, () => local(v128.zero))
  const x = local(at.x)
  const dy = local(at.dy)
  body.repeat(rows, () => {
    for (let v = 0; v < width; v++) {
      if (totals === 'sum') {
        first[v]!.set(f32x4.add(first[v]!, v128.load(x, 16 * v)))
        continue
      }
      const difference = local(f32x4.sub(v128.load(x, 16 * v), center[v]!))
      const factor = totals === 'gradient' ? local(v128.load(dy, 16 * v)) : difference
      first[v]!.set(f32x4.add(first[v]!, factor))
      second[v]!.set(f32x4.add(second[v]!, f32x4.mul(factor, difference)))
    }
    advance(x, 16 * vectors)
    if (totals === 'gradient') advance(dy, 16 * vectors)
  })
  for (let v = 0; v < width; v++) {
    addTo(body, at.sums, 32 * v, first[v]!)
    if (totals !== 'sum') addTo(body, at.sums, 32 * (vectors + v), second[v]!)
  }
}

/** Adds four f32 to four f64 in memory. */
function addTo(body: Body, address: Local<'i32'>, offset: number, sum: V128): void {
  const high = f32x4.shuffle(sum, sum, [2, 3, 2, 3])
  for (const [i, half] of [sum, high].entries())
    body.store(address, f64x2.add(v128.load(address, offset + 16 * i), f64x2.promoteLow(half)), offset + 16 * i)
}
