import { type Body, compile, f32x4, func, type Lanes, type Local, type V128, type Value, v128 } from '@lowbit/wasm-emit'
import { cachedProgram } from '../tfjs/program-cache.js'
import { overFloats } from './over-floats.js'

/** Functions over arrays of f32 and an interval: addresses, count > 0, inverse scale, minimum, maximum. */
export const intervalKernels = (memory: WebAssembly.Memory) =>
  cachedProgram(memory, 'interval', () => {
    const [quantize, clamp] = compile([quantizeFunction(), clampFunction()], memory, 'interval')
    return { quantize, clamp }
  })

interface Interval {
  readonly inverseScale: V128
  readonly minimum: V128
  readonly maximum: V128
}

/** y = clamp(nearest(x * inverseScale), minimum, maximum), half to even; NaN stays NaN, and there is no -0. */
const quantizeFunction = () =>
  mapping('quantize', (x, { inverseScale, minimum, maximum }) =>
    f32x4.add(clamped(f32x4.nearest(f32x4.mul(x, inverseScale)), minimum, maximum), 0),
  )

/** y = clamp(x * inverseScale, minimum, maximum); NaN stays NaN. */
const clampFunction = () =>
  mapping('clamp', (x, { inverseScale, minimum, maximum }) => clamped(f32x4.mul(x, inverseScale), minimum, maximum))

function mapping(name: string, compute: (x: V128, interval: Interval) => V128) {
  return func(
    name,
    { x: 'i32', y: 'i32', count: 'i32', inverseScale: 'f32', minimum: 'f32', maximum: 'f32' },
    ({ x, y, count, ...scalars }, body) => {
      const interval = splat(body, scalars)
      overFloats(body, count, [x, y], ({ load, store }) => store(y, compute(load(x), interval)))
    },
  )
}

/** x within its bounds; where x is NaN both comparisons are false and it stays. */
export const clamped = (x: V128, minimum: Lanes, maximum: Lanes): V128 => f32x4.pmin(f32x4.pmax(x, minimum), maximum)

/** All ones where minimum <= x <= maximum. */
export const inside = (x: V128, minimum: V128, maximum: V128): V128 =>
  v128.and(f32x4.ge(x, minimum), f32x4.le(x, maximum))

function splat(body: Body, { inverseScale, minimum, maximum }: Record<keyof Interval, Value<'f32'>>): Interval {
  const all = (scalar: Value<'f32'>): Local<'v128'> => body.local(f32x4.splat(scalar))
  return { inverseScale: all(inverseScale), minimum: all(minimum), maximum: all(maximum) }
}
