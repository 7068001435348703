import { type Func, f32x4, func, i8x16, i32, type Value, v128 } from '@lowbit/wasm-emit'
import { storeBytes } from './store-bytes.js'
import type { Strides } from './strides.js'
import { times } from './times.js'

/** The largest of each window, by channel. A tap outside of the image is moved to its nearest pixel, which the window holds too. */
export interface MaxPooling {
  readonly kernel: 'max-pool'
  readonly element: 'codes' | 'float'
  /** Pixels of the output. */
  readonly rows: number
  readonly columns: number
  /** Bytes of all channels of a pixel. */
  readonly pixelBytes: number
  readonly output: Strides
  readonly input: Strides & { readonly rows: number; readonly columns: number }
  readonly size: readonly [number, number]
  readonly stride: readonly [number, number]
  /** Above and left. */
  readonly padding: readonly [number, number]
}

/** Parameters: input and output, each the address of its first pixel. */
export function maxPool(spec: MaxPooling): Func {
  const { rows, columns, pixelBytes, input, output, size, stride, padding } = spec
  const larger = spec.element === 'codes' ? i8x16.maxU : f32x4.max
  const taps = (along: 0 | 1, index: Value<'i32'>) =>
    times(size[along], (tap) => {
      const place = i32.add(i32.mul(index, stride[along]), tap - padding[along])
      const count = along === 0 ? input.rows : input.columns
      const inside = (along === 0 ? rows - 1 : columns - 1) * stride[along] + tap - padding[along] < count
      return { place, belowZero: tap < padding[along], inside, count }
    })
  return func(
    'max-pool',
    { input: 'i32', output: 'i32' },
    (given, { local, forRange, when, store, store32Lane, store64Lane }) => {
      const nearest = (along: 0 | 1, index: Value<'i32'>, bytes: number, start: Value<'i32'>) =>
        taps(along, index).map(({ place, belowZero, inside, count }) => {
          const at = local(place, 'tap')
          if (belowZero) when(i32.ltS(at, 0), () => at.set(0))
          if (!inside) when(i32.geS(at, count), () => at.set(count - 1))
          at.set(i32.add(i32.mul(at, bytes), start))
          return at
        })
      forRange(0, rows, (y) => {
        const lines = nearest(0, y, input.row, given.input)
        const outputRow = local(i32.add(given.output, i32.mul(y, output.row)), 'output row')
        forRange(0, columns, (x) => {
          const places = nearest(1, x, input.pixel, i32.const(0))
          const to = local(i32.add(outputRow, i32.mul(x, output.pixel)), 'to')
          const largest = (offset: Value<'i32'>) => {
            const [first, ...others] = lines.flatMap((line) =>
              places.map((place) => v128.load(i32.add(i32.add(line, place), offset))),
            )
            const found = local(first!, 'largest')
            for (const other of others) found.set(larger(found, other))
            return found
          }
          const whole = pixelBytes - (pixelBytes % 16)
          forRange(0, whole, (offset) => store(i32.add(to, offset), largest(offset)), 16)
          if (whole < pixelBytes) {
            storeBytes({ store, store32Lane, store64Lane }, to, largest(i32.const(whole)), pixelBytes - whole, whole)
          }
        })
      })
    },
  )
}
