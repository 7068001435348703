import { compile, func, v128 } from '@lowbit/wasm-emit'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floats, integers, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { expectCloseToCpu } from '../../test/expect-same-as-cpu.js'
import { multiplyAddOf } from '../arithmetic.js'
import { type ConvShape, convolutionOf } from '../convolution/conv-shape.js'
import { convInfo } from '../kernels/conv2d.js'
import { cheapestPlan, isExact2, transposedShape, winogradPlan } from './plan.js'
import { type Line, transformMath, transforms2, transforms4, type WinogradTransforms } from './transforms.js'

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

/** Root mean square of the errors, in units of that of the values. */
function relativeError(got: readonly number[], expected: readonly number[]): number {
  const squares = expected.reduce((sum, value) => sum + value * value, 0)
  const errors = got.reduce((sum, value, i) => sum + (value - expected[i]!) ** 2, 0)
  return Math.sqrt(errors / squares)
}

/** What is made while gradients are recorded. */
function recorded(make: () => tf.Tensor): tf.Tensor {
  let made: tf.Tensor | undefined
  tf.grad((x) => {
    made = tf.keep(make())
    return tf.mul(x, 2)
  })(tf.scalar(1))
  return made!
}

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
  it.each(cases)('give the gradients of direct ones: %d x %d x %d x %d to %d, %s', async (...shape) => {
    const [batch, height, width, inputs, outputs] = shape
    await expectCloseToCpu(() => {
      const x = tf.tensor4d(integers(batch * height * width * inputs, 1), [batch, height, width, inputs])
      const filter = tf.tensor4d(integers(9 * inputs * outputs, 2), [3, 3, inputs, outputs])
      const y = convolve(shape)(x, filter)
      return tf.grads(convolve(shape))([x, filter], tf.tensor(integers(y.size, 3), y.shape))
    }, 5e-6)
  })

  it('come as close to direct ones on floats as the transforms allow', async () => {
    const make = () => {
      const x = tf.tensor4d(floats(3 * 256 * 32, 1), [3, 16, 16, 32])
      const filter = tf.tensor4d(floats(9 * 32 * 32, 2), [3, 3, 32, 32])
      return tf.grads(convolve([3, 16, 16, 32, 32, 'same']))([x, filter], tf.tensor4d(floats(x.size, 3), x.shape))
    }
    const expected = await valuesOn('cpu', make)
    for (const path of paths)
      for (const [i, got] of (await valuesWithKernels(path, make)).entries())
        expect(relativeError(got, expected[i]!)).toBeLessThan(2e-6)
  })

  it.each(['linear', 'relu', 'relu6'] as const)(
    'give outputs as close as direct ones while gradients are recorded: %s',
    async (activation) => {
      const [side, channels] = [12, 32]
      const make = () => {
        const x = tf.tensor4d(floats(3 * side ** 2 * channels, 1), [3, side, side, channels])
        const filter = tf.tensor4d(floats(9 * channels ** 2, 2), [3, 3, channels, channels])
        const bias = tf.tensor1d(floats(channels, 3))
        const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1, activation }
        const fused = () => tf.engine().runKernel<tf.Tensor>('FusedConv2D', { x, filter, bias }, attrs)
        return [fused(), recorded(fused), recorded(() => tf.conv2d(x, filter, 1, 'same'))]
      }
      const [, exactFused, exact] = await valuesOn('cpu', make)
      for (const path of paths) {
        const [direct, fused, plain] = await valuesWithKernels(path, make)
        expect(fused).not.toEqual(direct)
        expect(relativeError(fused!, exactFused!)).toBeLessThan(4e-7)
        expect(relativeError(plain!, exact!)).toBeLessThan(4e-7)
      }
    },
  )

  it.each([
    [16, 8],
    [32, 16],
  ])('carry LowbitConv2D to the same bits: %d levels of inputs, weights up to %d', async (levels, largestWeight) => {
    const [inputs, outputs, batch, side] = [16, 12, 3, 10]
    const interval = { inverseScale: levels / 2, minimum: 0, maximum: levels - 1 }
    expect(isExact2(levels - 1, largestWeight, inputs)).toBe(true)
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

describe.each([transforms2, transforms4])('transforms of tiles of $tile', (transforms) => {
  const { tile } = transforms
  /** A transform along one direction as a matrix: what it makes of each unit vector. */
  function matrixOf(line: Line, length: number): number[][] {
    const units = Array.from({ length }, (_, i) => i)
    const columns = units.map((unit) =>
      carriedOut(
        transforms,
        line,
        units.map((i) => Number(i === unit)),
      ),
    )
    return columns[0]!.map((_, row) => columns.map((column) => column[row]!))
  }

  it('give the outputs of a kernel', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: tile + 2, maxLength: tile + 2 })
    const taps = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 })
    const [Bt, G, At] = [
      matrixOf(transforms.input, tile + 2),
      matrixOf(transforms.kernel, 3),
      matrixOf(transforms.outputLine, tile + 2),
    ]
    const times = (matrix: number[][], vector: number[]) =>
      matrix.map((row) => row.reduce((sum, a, i) => sum + a * vector[i]!, 0))
    fc.assert(
      fc.property(values, taps, (d, g) => {
        const [factors, kernel] = [times(Bt, d), times(G, g)]
        const outputs = times(
          At,
          factors.map((factor, i) => factor * kernel[i]!),
        )
        for (const [i, output] of outputs.entries())
          expect(output).toBeCloseTo(g[0]! * d[i]! + g[1]! * d[i + 1]! + g[2]! * d[i + 2]!, 3)
      }),
    )
  })

  it('have their transposes', () => {
    const transpose = (matrix: number[][]) => matrix[0]!.map((_, column) => matrix.map((row) => row[column]! + 0))
    const unsigned = (matrix: number[][]) => matrix.map((row) => row.map((value) => value + 0))
    expect(unsigned(matrixOf(transforms.inputGradient, tile + 2))).toEqual(
      transpose(matrixOf(transforms.input, tile + 2)),
    )
    expect(unsigned(matrixOf(transforms.kernelGradient, tile + 2))).toEqual(transpose(matrixOf(transforms.kernel, 3)))
    expect(unsigned(matrixOf(transforms.error, tile))).toEqual(transpose(matrixOf(transforms.outputLine, tile + 2)))
  })
})

/** What a line of vectors makes of numbers. */
function carriedOut(transforms: WinogradTransforms, line: Line, numbers: readonly number[]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1 })
  let results = 0
  const write = func('line', { from: 'i32', to: 'i32' }, ({ from, to }, body) => {
    const values = numbers.map((_, i) => body.local(v128.load32Splat(from, 4 * i)))
    for (const value of line(values, transformMath(body, transforms, multiplyAddOf.plain)))
      body.store32Lane(to, value, 0, 4 * results++)
  })
  const [run] = compile([write], memory)
  new Float32Array(memory.buffer, 0, numbers.length).set(numbers)
  run(0, 256)
  return Array.from(new Float32Array(memory.buffer, 256, results))
}

describe('isExact2', () => {
  it('holds at 4 bits for the channels there are, not at 8', () => {
    expect(isExact2(15, 8, 256)).toBe(true)
    expect(isExact2(255, 128, 16)).toBe(false)
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
  const shape = shapeOf([1, 8, 8, 8, 8, 'same'])

  it('leaves other kernels, strides and odd channels to the direct convolution', () => {
    expect(winogradPlan(shape, transforms2)).toBeDefined()
    expect(winogradPlan({ ...shape, rows: { ...shape.rows, stride: 2 } }, transforms2)).toBeUndefined()
    expect(winogradPlan({ ...shape, columns: { ...shape.columns, kernel: 5 } }, transforms2)).toBeUndefined()
    expect(winogradPlan({ ...shape, inputs: 10 }, transforms2)).toBeUndefined()
  })

  it('is its own shape transposed twice', () => {
    for (const c of cases) expect(shapeOf(c)).toMatchObject(transposedShape(transposedShape(shapeOf(c))))
  })
})

describe('cheapestPlan', () => {
  const tileFor = (...shape: Shape) => {
    const plans = [transforms2, transforms4].map((transforms) => winogradPlan(shapeOf(shape), transforms))
    return cheapestPlan(shapeOf(shape), plans)?.transforms.tile
  }

  it('takes larger tiles for larger images, and none where the transforms cost more than they save', () => {
    expect(tileFor(1, 32, 32, 32, 32, 'same')).toBe(4)
    expect(tileFor(1, 2, 2, 64, 64, 'same')).toBe(2)
    expect(tileFor(1, 3, 3, 64, 64, 'valid')).toBeUndefined()
    expect(tileFor(1, 32, 32, 4, 4, 'same')).toBeUndefined()
  })
})
