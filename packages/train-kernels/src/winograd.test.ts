import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floats, integers, paths, valuesOn, valuesWithKernels } from '../test/backends.js'
import { expectSameAsCpu } from '../test/expect-same-as-cpu.js'
import { type ConvShape, convolutionOf } from './conv-shape.js'
import { convInfo } from './kernels/conv2d.js'
import { isExact, transposedShape, winogradPlan } from './winograd-plan.js'

type Shape = [
  batch: number,
  height: number,
  width: number,
  inputs: number,
  outputs: number,
  pad: 'same' | 'valid' | number,
]

const shapeOf = ([batch, height, width, inputs, outputs, pad]: Shape): ConvShape =>
  convolutionOf(convInfo({ strides: 1, pad }, [batch, height, width, inputs], [3, 3, inputs, outputs]))

const convolve =
  ([, , , , , pad]: Shape) =>
  (...[x, filter]: tf.Tensor[]) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, pad)

const cases: Shape[] = [
  [1, 8, 8, 8, 8, 'same'],
  [3, 9, 7, 8, 12, 'same'],
  [7, 6, 6, 12, 8, 'valid'],
  [2, 32, 32, 8, 16, 'same'],
  [30, 4, 4, 16, 20, 'valid'],
  [5, 5, 11, 64, 8, 'same'],
  [2, 7, 7, 8, 64, 2],
  [33, 5, 5, 8, 8, 'same'],
]

describe('convolutions by Winograd', () => {
  it.each(cases)('have the bits of direct ones on small integers: %d x %d x %d x %d to %d, %s', async (...shape) => {
    expect(winogradPlan(shapeOf(shape))).toBeDefined()
    const [batch, height, width, inputs, outputs] = shape
    await expectSameAsCpu(() => {
      const x = tf.tensor4d(integers(batch * height * width * inputs, 1), [batch, height, width, inputs])
      const filter = tf.tensor4d(integers(9 * inputs * outputs, 2), [3, 3, inputs, outputs])
      const y = convolve(shape)(x, filter)
      return tf.grads(convolve(shape))([x, filter], tf.tensor(integers(y.size, 3), y.shape))
    })
  })

  it('come close to direct ones on floats', async () => {
    const make = () => {
      const x = tf.tensor4d(floats(10 * 256 * 32, 1), [10, 16, 16, 32])
      const filter = tf.tensor4d(floats(9 * 32 * 32, 2), [3, 3, 32, 32])
      return tf.grads(convolve([10, 16, 16, 32, 32, 'same']))([x, filter], tf.tensor4d(floats(x.size, 3), x.shape))
    }
    const expected = await valuesOn('cpu', make)
    for (const path of paths)
      for (const [i, got] of (await valuesWithKernels(path, make)).entries()) {
        const squares = expected[i]!.reduce((sum, value) => sum + value * value, 0)
        const errors = got.reduce((sum, value, j) => sum + (value - expected[i]![j]!) ** 2, 0)
        expect(Math.sqrt(errors / squares)).toBeLessThan(1e-6)
      }
  })

  it.each([
    [16, 8],
    [32, 16],
  ])('carry LowbitConv2D to the same bits: %d levels of inputs, weights up to %d', async (levels, largestWeight) => {
    const [inputs, outputs, batch, side] = [16, 12, 3, 10]
    const interval = { inverseScale: levels / 2, minimum: 0, maximum: levels - 1 }
    expect(isExact(levels - 1, largestWeight, inputs)).toBe(true)
    const tensors = () => {
      const fill = (value: number) => tf.fill([outputs], value)
      const run = (name: string, given: tf.NamedTensorMap, attrs: tf.NamedAttrMap = {}) =>
        tf.engine().runKernel<tf.Tensor>(name, given, attrs)
      const raw = tf.tensor4d(floats(9 * inputs * outputs, 2), [3, 3, inputs, outputs])
      const intervals = {
        inverseScale: fill(largestWeight),
        minimum: fill(-largestWeight),
        maximum: fill(largestWeight - 1),
      }
      return {
        x: run(
          'LowbitQuantize',
          { x: tf.tensor4d(floats(batch * side * side * inputs, 1), [batch, side, side, inputs]) },
          interval,
        ),
        filter: run('LowbitQuantizeFilters', { w: raw, mask: tf.onesLike(raw), ...intervals }),
        bias: tf.tensor1d(integers(outputs, 3, 100)),
        scale: tf.tensor1d(floats(outputs, 4)),
      }
    }
    const attrs = { strides: 1, pad: 'same', dilations: 1 }
    for (const path of paths) {
      const got = await valuesWithKernels(path, () => {
        const { x, filter, bias, scale } = tensors()
        const known = tf.engine().runKernel<tf.Tensor>('LowbitConv2D', { x, filter, bias, scale }, attrs)
        const direct = tf.mul(tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias), scale)
        return [known, direct]
      })
      expect(got[0]).toEqual(got[1])
    }
  })
})

describe('isExact', () => {
  it('holds at 4 bits for the channels there are, not at 8', () => {
    expect(isExact(15, 8, 256)).toBe(true)
    expect(isExact(255, 128, 16)).toBe(false)
  })

  it('is a bound that no transform of integers breaks', () => {
    const value = fc.constantFrom(-1, 1)
    const line = (length: number) => fc.array(value, { minLength: length, maxLength: length })
    fc.assert(
      fc.property(line(16), line(9), (input, kernel) => {
        const Bt = [
          [1, 0, -1, 0],
          [0, 1, 1, 0],
          [0, -1, 1, 0],
          [0, 1, 0, -1],
        ]
        const G = [
          [1, 0, 0],
          [0.5, 0.5, 0.5],
          [0.5, -0.5, 0.5],
          [0, 0, 1],
        ]
        const transformed = (matrix: number[][], values: number[], n: number) =>
          matrix.map((a) =>
            matrix.map((b) =>
              a.reduce((sum, ai, i) => sum + b.reduce((t, bj, j) => t + ai * bj * values[n * i + j]!, 0), 0),
            ),
          )
        const [d, g] = [transformed(Bt, input, 4).flat(), transformed(G, kernel, 3).flat()]
        const total = d.reduce((sum, value, i) => sum + Math.abs(value * g[i]!), 0)
        expect(Math.max(...d.map(Math.abs))).toBeLessThanOrEqual(4)
        expect(Math.max(...g.map(Math.abs))).toBeLessThanOrEqual(9 / 4)
        expect(total).toBeLessThanOrEqual(16 * 9)
      }),
    )
  })
})

describe('winogradPlan', () => {
  it('leaves other kernels, odd channels and tiny images to the direct convolution', () => {
    const shape = shapeOf([1, 8, 8, 8, 8, 'same'])
    expect(winogradPlan({ ...shape, rows: { ...shape.rows, stride: 2 } })).toBeUndefined()
    expect(winogradPlan({ ...shape, columns: { ...shape.columns, kernel: 5 } })).toBeUndefined()
    expect(winogradPlan({ ...shape, inputs: 10 })).toBeUndefined()
    expect(winogradPlan({ ...shape, outputs: 4 })).toBeUndefined()
    expect(winogradPlan(shapeOf([1, 3, 3, 8, 8, 'valid']))).toBeUndefined()
  })

  it('is its own shape transposed twice', () => {
    for (const c of cases) expect(shapeOf(c)).toMatchObject(transposedShape(transposedShape(shapeOf(c))))
  })
})
