import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'

const size = { batch: 2, side: 7, inputs: 5, outputs: 6, kernel: 3 }
const x = floats(size.batch * size.side ** 2 * size.inputs, 1)
const filter = floats(size.kernel ** 2 * size.inputs * size.outputs, 2)
const bias = floats(size.outputs, 3)
const tensors = () => ({
  x: tf.tensor4d(x, [size.batch, size.side, size.side, size.inputs]),
  filter: tf.tensor4d(filter, [size.kernel, size.kernel, size.inputs, size.outputs]),
  bias: tf.tensor1d(bias),
})

/** Valid convolution in the documented order, the bias last; `madd` is a b + c in f32. */
function stated(madd: (a: number, b: number, c: number) => number): number[] {
  const out = size.side - size.kernel + 1
  const y: number[] = []
  for (let n = 0; n < size.batch; n++)
    for (let row = 0; row < out; row++)
      for (let column = 0; column < out; column++)
        for (let o = 0; o < size.outputs; o++) {
          let sum = 0
          for (let r = 0; r < size.kernel; r++)
            for (let s = 0; s < size.kernel; s++)
              for (let i = 0; i < size.inputs; i++) {
                const a = x[((n * size.side + row + r) * size.side + column + s) * size.inputs + i]!
                const b = filter[((r * size.kernel + s) * size.inputs + i) * size.outputs + o]!
                sum = madd(a, b, sum)
              }
          y.push(Math.fround(sum + bias[o]!))
        }
  return y
}

const roundTwice = (a: number, b: number, c: number) => Math.fround(Math.fround(a * b) + c)
/** The product of two f32 is exact in f64; a sum near the middle of two f32 could round twice, which none does here. */
const roundOnce = (a: number, b: number, c: number) => Math.fround(a * b + c)

describe.each(paths)('FusedConv2D, %s', (path) => {
  const valid = () => tf.fused.conv2d({ ...tensors(), strides: 1, pad: 'valid' }) as tf.Tensor

  it('rounds products and sums one by one in the stated order', async () => {
    expect(await valuesWithKernels(path, valid)).toEqual([stated(roundTwice)])
  })

  it('rounds as the path does where gradients are recorded', async () => {
    const recorded = () => {
      const { x, ...rest } = tensors()
      return tf.valueAndGrad((x) => tf.fused.conv2d({ x: x as tf.Tensor4D, ...rest, strides: 1, pad: 'valid' }))(x)
        .value
    }
    expect(await valuesWithKernels(path, recorded)).toEqual([stated(path === 'relaxed' ? roundOnce : roundTwice)])
  })

  it.each(['relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)('%s', async (activation) => {
    const make = () =>
      tf.fused.conv2d({
        ...tensors(),
        strides: 2,
        pad: 'same',
        activation,
        leakyreluAlpha: 0.3,
        preluActivationWeights: tf.fill([size.outputs], 0.25),
      })
    const [expected] = await valuesOn('cpu', make)
    const [got] = await valuesWithKernels(path, make)
    expect(Math.max(...got!.map((y, i) => Math.abs(y - expected![i]!)))).toBeLessThan(2e-6)
  })
})
