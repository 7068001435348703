import { f32x4 } from '@lowbit/wasm-emit'
import { type MultiplyAdd, multiplyAddOf, type Rounding } from '../arithmetic.js'
import { scratch } from '../tfjs/scratch.js'
import { memoryOf, type WasmBackend } from '../tfjs/wasm-backend.js'
import { type ChannelMap, mapChannels } from './channel-map.js'
import { channelTotals, gatherTotals, totalsBytes } from './channel-totals.js'
import { gradientOf, momentsOf, sumOf } from './summations.js'

/** Where [pixels, channels] of f32 are normalized over the pixels. */
export interface Normalization {
  readonly x: number
  readonly pixels: number
  readonly channels: number
  readonly epsilon: number
}

/** Pixels whose mean the squares are taken around first: then no difference of large sums is left. */
const pixelsOfCenter = 256

/** Of each channel. The variance is that of the pixels, not of a larger population. */
export interface Moments {
  readonly mean: Float64Array
  readonly variance: Float64Array
}

/** The moments of each channel. */
export function moments(backend: WasmBackend, { x, pixels, channels }: Omit<Normalization, 'epsilon'>): Moments {
  const area = scratch(backend, momentsBytes(channels)) >>> 0
  return gatherMoments(memoryOf(backend), { x, pixels, channels }, area).finish()
}

/** Bytes that moments in the making need. */
export const momentsBytes = (channels: number) => totalsBytes(momentsOf, channels)

/** The same over pixels that are still being written; the same bits however they come. */
export function gatherMoments(
  memory: WebAssembly.Memory,
  { x, pixels, channels }: Omit<Normalization, 'epsilon'>,
  area: number,
): { take(written: number): void; finish(): Moments } {
  const some = Math.min(pixels, pixelsOfCenter)
  const begin = () => {
    const [start] = gatherTotals(memory, sumOf, { x }, some, channels, {}, area).finish()
    const center = Float32Array.from(start!, (sum) => sum / some)
    return { center, totals: gatherTotals(memory, momentsOf, { x }, pixels, channels, { center }, area) }
  }
  let begun: ReturnType<typeof begin> | undefined
  return {
    take(written) {
      if (written < some) return
      begun ??= begin()
      begun.totals.take(written)
    },
    finish() {
      const { center, totals } = begun ?? begin()
      const [differences, squares] = totals.finish() as Pair
      return {
        mean: differences.map((sum, c) => center[c]! + sum / pixels),
        variance: squares.map((sum, c) => Math.max(0, sum / pixels - (differences[c]! / pixels) ** 2)),
      }
    },
  }
}

/** y = (x - mean) * gamma / sqrt(variance + epsilon) + beta */
export function normalize(
  backend: WasmBackend,
  { x, pixels, channels, epsilon }: Normalization,
  y: number,
  numbers: Record<'mean' | 'variance' | 'gamma' | 'beta', ArrayLike<number>>,
  rounding: Rounding,
): void {
  const { mean, variance, gamma, beta } = numbers
  const factor = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon))
  mapChannels(backend, normalizing[rounding], { x, y }, pixels, channels, [mean, factor, beta])
}

const normalizingWith = (rounding: Rounding, madd: MultiplyAdd): ChannelMap => ({
  name: `normalize ${rounding}`,
  vector: (x, _, [mean, factor, beta]) => madd(f32x4.sub(x(), mean!), factor!, beta!),
  scalar: (x, _, [mean, factor, beta]) => Math.fround(Math.fround(x - mean!) * factor!) + beta!,
})

type Pair = [Float64Array, Float64Array]

/** Totals over the pixels of each channel: of dy, and of dy * (x - mean) / sqrt(variance + epsilon). */
export interface NormalizationTotals {
  readonly sums: Float64Array
  readonly products: Float64Array
}

/** The totals by a pass over x and dy. */
export function normalizationTotals(
  backend: WasmBackend,
  { x, pixels, channels, epsilon }: Normalization,
  dy: number,
  { mean, variance }: Record<'mean' | 'variance', ArrayLike<number>>,
): NormalizationTotals {
  const [sums, products] = channelTotals(backend, gradientOf, { x, dy }, pixels, channels, { center: mean }) as Pair
  return { sums, products: products.map((sum, c) => sum / Math.sqrt(variance[c]! + epsilon)) }
}

/** Writes the gradient for x of a normalization by the moments of its own pixels; those for gamma and beta are the totals. */
export function normalizationGradient(
  backend: WasmBackend,
  { x, pixels, channels, epsilon }: Normalization,
  { dy, dx }: { readonly dy: number; readonly dx: number },
  { sums, products }: NormalizationTotals,
  { mean, variance, gamma }: Record<'mean' | 'variance' | 'gamma', ArrayLike<number>>,
  rounding: Rounding,
): void {
  const inverse = Float64Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon))
  const factor = inverse.map((s, c) => gamma[c]! * s)
  const slope = factor.map((f, c) => (-f * inverse[c]! * products[c]!) / pixels)
  const shift = factor.map((f, c) => (-f * sums[c]!) / pixels)
  mapChannels(backend, gradients[rounding], { x, dy, y: dx }, pixels, channels, [mean, factor, slope, shift])
}

/** dx = factor * dy + (slope * (x - mean) + shift): what dy alone gives, less what moves the mean and the variance. */
const gradientWith = (rounding: Rounding, madd: MultiplyAdd): ChannelMap => ({
  name: `normalizationGradient ${rounding}`,
  vector: (x, dy, [mean, factor, slope, shift]) => madd(dy(), factor!, madd(f32x4.sub(x(), mean!), slope!, shift!)),
  scalar: (x, dy, [mean, factor, slope, shift]) =>
    Math.fround(dy * factor!) + Math.fround(Math.fround(Math.fround(x - mean!) * slope!) + shift!),
})

const forRoundings = (make: (rounding: Rounding, madd: MultiplyAdd) => ChannelMap): Record<Rounding, ChannelMap> => ({
  relaxed: make('relaxed', multiplyAddOf.relaxed),
  plain: make('plain', multiplyAddOf.plain),
  twice: make('twice', multiplyAddOf.twice),
})
const normalizing = forRoundings(normalizingWith)
const gradients = forRoundings(gradientWith)
