import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesWithKernels } from '../../test/backends.js'

const { fround } = Math
const attrs = { limit: fround(7.5), numerator: [0.25, -3, 0.3].map(fround), denominator: [0.7, 1.1].map(fround) }
const values = Float32Array.from([...[0, 7.5, 7.6, -30, 1e-30, Infinity, -Infinity, Number.NaN], ...floats(57, 1)])
const errors = floats(values.length, 2)

/** Every operation rounded, by Horner's scheme. */
function oddRationalOf(x: number): number {
  const c = Math.min(Math.max(x, -attrs.limit), attrs.limit)
  const u = fround(c * c)
  const [p, q] = [attrs.numerator, attrs.denominator].map((coefficients) =>
    coefficients.reduce((sum, coefficient) => fround(fround(sum * u) + coefficient)),
  )
  return fround(fround(p! * c) / q!)
}

describe.each(paths)('on path %s', (path) => {
  const run = (name: string, inputs: () => tf.NamedTensorMap, attrs: tf.NamedAttrMap) =>
    valuesWithKernels(path, () => tf.engine().runKernel<tf.Tensor>(name, inputs(), attrs))

  it.each([values.length, 64, 3])('LowbitTanh of %d values has the bits of the scalar formula', async (count) => {
    const x = values.slice(0, count)
    expect(await run('LowbitTanh', () => ({ x: tf.tensor1d(x) }), attrs)).toEqual([Array.from(x, oddRationalOf)])
  })

  it.each([values.length, 64, 3])('LowbitTanhGrad of %d values is dy * (1 - y * y)', async (count) => {
    const [y, dy] = [values.slice(0, count), errors.slice(0, count)]
    const expected = Array.from(y, (value, i) => fround(dy[i]! * fround(1 - fround(value * value))))
    expect(await run('LowbitTanhGrad', () => ({ y: tf.tensor1d(y), dy: tf.tensor1d(dy) }), {})).toEqual([expected])
  })
})
