import { type Body, f32x4, i8x16, i16x8, i32x4, type Local, type V128, type Value, v128 } from '@lowbit/wasm-emit'
import { bound, denominator, numerator } from '../reference/tanh-approximation.js'
import { storeBytes } from './store-bytes.js'
import type { Strides } from './strides.js'
import { offsetOf, type Pixel } from './walk.js'

/**
 * What is done to the f32 results of a kernel before they leave its registers. The steps are carried out in order; `store` and
 * `quantize` write the result as it is then and leave it as it is. Their numbers (bounds, scales) lie in memory, so that layers
 * of one shape share a kernel.
 */
export type TailStep =
  /** x < minimum ? minimum : x > maximum ? maximum : x */
  | { readonly kind: 'clamp' }
  | { readonly kind: 'rescale' }
  | { readonly kind: 'tanh' }
  /** Adds floats, or codes times their scale, that lie in a buffer. */
  | { readonly kind: 'add-float'; readonly buffer: number }
  | { readonly kind: 'add-codes'; readonly buffer: number }
  | { readonly kind: 'store'; readonly buffer: number }
  | { readonly kind: 'quantize'; readonly buffer: number }

export interface Tail {
  readonly steps: readonly TailStep[]
  readonly buffers: readonly Strides[]
}

/** Bytes of a channel in each buffer: 4 where it holds floats, 1 where it holds codes. */
export function channelBytes({ steps, buffers }: Tail): readonly (1 | 4)[] {
  return buffers.map((_, i) => {
    const step = steps.find((step) => 'buffer' in step && step.buffer === i)
    return step?.kind === 'store' || step?.kind === 'add-float' ? 4 : 1
  })
}

/** Parameters of a kernel with a tail: addresses, by name and in this order. */
export function parametersWith(names: readonly string[], { buffers }: Tail): Record<string, 'i32'> {
  return addresses([...names, ...buffers.map((_, i) => `buffer${i}`)])
}

export const addresses = (names: readonly string[]): Record<string, 'i32'> =>
  Object.fromEntries(names.map((name) => [name, 'i32' as const]))

/** How many numbers a step finds in memory, each repeated over the 4 lanes of a vector. */
const constantsOf: Readonly<Record<TailStep['kind'], number>> = {
  clamp: 2,
  rescale: 1,
  tanh: 0,
  'add-float': 0,
  'add-codes': 2,
  store: 0,
  quantize: 4,
}

/** 1.5 * 2^23: added to an f32 of size below 2^22, it leaves the nearest whole number, ties to even, in the low bits. */
const magic = 12582912
export const magicBits = 0x4b400000

/**
 * Carries the tail out on the pixels of a tile.
 * @param computed f32 results by pixel, and vector of 4 filters
 * @param constants address of the steps' numbers
 * @param pointers where the tile begins in each buffer
 */
export function writeTail(
  { steps, buffers }: Tail,
  body: Body,
  pixels: readonly Pixel[],
  computed: readonly (readonly V128[])[],
  constants: Value<'i32'>,
  pointers: readonly Value<'i32'>[],
): void {
  const results = computed.map((vectors) => vectors.map((vector) => body.local(vector)))
  let at = 0
  for (const step of steps) {
    const constant = (i: number) => v128.load(constants, at + 16 * i)
    const [pointer, strides] =
      'buffer' in step ? [pointers[step.buffer]!, buffers[step.buffer]!] : [constants, { row: 0, pixel: 0 }]
    const offsets = pixels.map((pixel) => offsetOf(pixel, strides))
    const each = (use: (x: Local<'v128'>, pixel: number, vector: number) => void) => {
      results.forEach((vectors, pixel) => {
        vectors.forEach((x, vector) => {
          use(x, pixel, vector)
        })
      })
    }
    switch (step.kind) {
      case 'clamp':
        each((x) => x.set(f32x4.pmin(f32x4.pmax(x, constant(0)), constant(1))))
        break
      case 'rescale':
        each((x) => x.set(f32x4.mul(x, constant(0))))
        break
      case 'tanh':
        each((x) => x.set(tanh(body, x)))
        break
      case 'add-float':
        each((x, pixel, vector) => x.set(f32x4.add(x, v128.load(pointer, offsets[pixel]! + 16 * vector))))
        break
      case 'add-codes':
        each((x, pixel, vector) => {
          const codes = v128.load32Zero(pointer, offsets[pixel]! + 4 * vector)
          x.set(f32x4.add(x, dequantized(codes, constant(0), constant(1))))
        })
        break
      case 'store':
        each((x, pixel, vector) => body.store(pointer, x, offsets[pixel]! + 16 * vector))
        break
      case 'quantize': {
        const codes = results.map((vectors) =>
          vectors.map((x) => quantized(x, constant(0), constant(1), constant(2), constant(3))),
        )
        // Pixels without channels between them are written together.
        const bytes = 4 * codes[0]!.length
        if (offsets.every((offset, pixel) => offset === pixel * bytes)) storeCodes(body, codes.flat(), pointer, 0)
        else {
          codes.forEach((vectors, pixel) => {
            storeCodes(body, vectors, pointer, offsets[pixel]!)
          })
        }
        break
      }
    }
    at += 16 * constantsOf[step.kind]
  }
}

/** Codes less the smallest as i32. NaN gives the lowest: the comparison that picks x must hold for it to stay. */
function quantized(x: V128, inverse: V128, lowest: V128, highest: V128, offset: V128): V128 {
  const bounded = f32x4.pmin(highest, f32x4.pmax(lowest, f32x4.mul(x, inverse)))
  return i32x4.sub(f32x4.add(bounded, magic), offset)
}

/** 4 codes less the smallest, in the lowest bytes -> (byte - zero) * scale as f32. */
export function dequantized(bytes: V128, zero: V128, scale: V128): V128 {
  const whole = i32x4.extendLowU(i16x8.extendLowU(bytes))
  return f32x4.mul(scale, f32x4.convertS(i32x4.sub(whole, zero)))
}

/** Writes 4 bytes for each vector of i32 codes 0..255. */
function storeCodes(body: Body, codes: readonly V128[], pointer: Value<'i32'>, offset: number): void {
  for (let i = 0; i < codes.length; i += 4) {
    const [a, b, c, d] = codes.slice(i, i + 4)
    const low = i16x8.narrowS(a!, b ?? a!)
    const bytes = body.local(i8x16.narrowU(low, c === undefined ? low : i16x8.narrowS(c, d ?? c)))
    storeBytes(body, pointer, bytes, 4 * Math.min(codes.length - i, 4), offset + 4 * i)
  }
}

function tanh({ local }: Body, value: V128): V128 {
  const x = local(f32x4.pmin(f32x4.pmax(value, -bound), bound))
  const square = local(f32x4.mul(x, x))
  const polynomial = ([highest, ...lower]: readonly number[]) =>
    lower.reduce<V128>((sum, coefficient) => f32x4.add(f32x4.mul(sum, square), coefficient), f32x4.splat(highest!))
  return f32x4.div(f32x4.mul(polynomial(numerator), x), polynomial(denominator))
}
