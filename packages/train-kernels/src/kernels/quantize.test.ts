import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesWithKernels } from '../../test/backends.js'

const path = paths[0]!
/** Halves, the ends of the interval, numbers beyond it and what is no number, and lengths that fill no vector. */
const values = Float32Array.from([
  ...[-3, -2.5, -1.5, -0.5, -0.25, -0, 0, 0.25, 0.5, 1.5, 2.5, 3.5, 6, 7.4, 7.5, 7.6, 1e30, -1e30],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...floats(50, 1).map((x) => 10 * x),
])
const errors = floats(values.length, 2)

/** Which of the two zeros a clamp gives is left open. */
const unsignedZero = (x: number) => x + 0

function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1
}

const run = (name: string, inputs: () => tf.NamedTensorMap, attrs: tf.NamedAttrMap) =>
  valuesWithKernels(path, () => tf.engine().runKernel<tf.Tensor>(name, inputs(), attrs))

describe.each([values.length, 64, 3])('%d values', (count) => {
  const x = values.slice(0, count)
  const dy = errors.slice(0, count)

  it.each([
    { inverseScale: 1, minimum: 0, maximum: 7 },
    { inverseScale: Math.fround(1 / 0.3), minimum: -4, maximum: 3 },
  ])('LowbitQuantize and its gradient, %o', async (attrs) => {
    const scaled = Array.from(x, (value) => Math.fround(value * attrs.inverseScale))
    const codes = scaled.map((value) =>
      unsignedZero(Math.min(Math.max(roundHalfEven(value), attrs.minimum), attrs.maximum)),
    )
    expect(await run('LowbitQuantize', () => ({ x: tf.tensor1d(x) }), attrs)).toEqual([codes])
    const gate = scaled.map((value, i) =>
      value >= attrs.minimum && value <= attrs.maximum ? Math.fround(dy[i]! * attrs.inverseScale) : 0,
    )
    expect(await run('LowbitQuantizeGrad', () => ({ x: tf.tensor1d(x), dy: tf.tensor1d(dy) }), attrs)).toEqual([gate])
  })

  it.each([
    { minimum: 0, maximum: 6 },
    { minimum: -1, maximum: 1 },
    { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  ])('LowbitActivation and its gradient, %o', async ({ minimum, maximum }) => {
    const clamped = Array.from(x, (value) => Math.min(Math.max(value, minimum), maximum))
    const [got] = await run('LowbitActivation', () => ({ x: tf.tensor1d(x) }), { minimum, maximum })
    expect(got!.map(unsignedZero)).toEqual(clamped.map(unsignedZero))
    const gate = Array.from(x, (value, i) => (value >= minimum && value <= maximum ? dy[i]! : 0))
    const dx = await run('LowbitActivationGrad', () => ({ x: tf.tensor1d(x), dy: tf.tensor1d(dy) }), {
      minimum,
      maximum,
    })
    expect(dx).toEqual([gate])
  })
})

describe('LowbitQuantizeFilters and its gradient', () => {
  it.each([1, 3, 4, 10])('%d filters', async (filters) => {
    const [rows, size] = [6, 6 * filters]
    const w = floats(size, 1)
    const dy = floats(size, 2)
    const mask = Float32Array.from(floats(size, 3), (x) => (x > 0 ? 1 : 0))
    const inverseScale = Float32Array.from({ length: filters }, (_, f) => 3 + f)
    const minimum = new Float32Array(filters).fill(-2)
    const maximum = Float32Array.from({ length: filters }, (_, f) => 1 + (f % 2))
    const inputs = () => ({
      w: tf.tensor2d(w, [rows, filters]),
      mask: tf.tensor2d(mask, [rows, filters]),
      inverseScale: tf.tensor1d(inverseScale),
      minimum: tf.tensor1d(minimum),
      maximum: tf.tensor1d(maximum),
    })
    const scaled = Array.from(w, (value, i) => Math.fround(value * inverseScale[i % filters]!))
    const rounded = scaled.map((value, i) => {
      if (mask[i] === 0) return value
      return Math.min(Math.max(roundHalfEven(value), minimum[i % filters]!), maximum[i % filters]!)
    })
    const [got] = await run('LowbitQuantizeFilters', inputs, {})
    expect(got!.map((value, i) => (mask[i] ? value : unsignedZero(value)))).toEqual(rounded.map(unsignedZero))
    const gate = scaled.map((value, i) => {
      const passes = mask[i] === 0 || (value >= minimum[i % filters]! && value <= maximum[i % filters]!)
      return passes ? Math.fround(dy[i]! * inverseScale[i % filters]!) : 0
    })
    const withError = () => ({ ...inputs(), dy: tf.tensor2d(dy, [rows, filters]) })
    expect(await run('LowbitQuantizeFiltersGrad', withError, {})).toEqual([gate])
  })
})
