import { type Body, type Func, func, i32, type Local, type V128, type Value } from '@lowbit/wasm-emit'
import type { Strides } from './strides.js'
import { channelBytes, parametersWith, type Tail, writeTail } from './tail.js'
import { advanceAll, offsetOf, walk } from './walk.js'

/** What kernels that compute each channel by itself have in common. */
export interface Channelwise {
  readonly rows: number
  readonly columns: number
  /** Vectors of 4 channels. */
  readonly vectors: number
  /** Bytes of the input from what one output row and pixel reads to the next. */
  readonly input: Strides
  /** Bytes of a channel of the input. */
  readonly inputBytes: 1 | 4
  readonly tail: Tail
}

/**
 * Writes a loop over pixels and, within them, vectors of channels.
 * @param names further parameters; those in `advanced` move on with the channels, by so many bytes a vector
 * @param produce f32 results of `width` vectors, given where they begin in the input and in what is advanced
 */
export function channelwise(
  name: string,
  { rows, columns, vectors, input, inputBytes, tail }: Channelwise,
  advanced: Readonly<Record<string, number>>,
  produce: (body: Body, width: number, input: Local<'i32'>, advanced: readonly Value<'i32'>[]) => readonly V128[],
): Func {
  const width = [4, 2, 1].find((n) => vectors % n === 0)!
  const names = Object.keys(advanced)
  return func(name, parametersWith(['input', 'constants', ...names], tail), (given, body) => {
    const images = [
      { start: given.input!, ...input },
      ...tail.buffers.map((strides, i) => ({ start: given[`buffer${i}`]!, ...strides })),
    ]
    const perVector = [4 * inputBytes, ...channelBytes(tail).map((bytes) => 4 * bytes), ...Object.values(advanced)]
    const starts = names.map((name) => given[name]!)
    if (vectors === width) {
      // Pixels of few channels side by side, so that one need not be done before the next begins.
      walk(body, { rows, columns, pixels: 4 }, images, (pixels, [first, ...written]) => {
        const results = pixels.map((pixel) =>
          produce(body, width, body.local(i32.add(first!, offsetOf(pixel, input))), starts),
        )
        writeTail(tail, body, pixels, results, given.constants!, written)
      })
      return
    }
    walk(body, { rows, columns, pixels: 1 }, images, (pixels, at) => {
      const pointers = [...at, ...starts].map((start) => body.local(start))
      body.repeat(vectors / width, () => {
        const [at, ...others] = pointers
        const results = produce(body, width, at!, others.slice(tail.buffers.length))
        writeTail(tail, body, pixels, [results], given.constants!, others)
        advanceAll(
          body,
          pointers,
          perVector.map((bytes) => width * bytes),
        )
      })
    })
  })
}
