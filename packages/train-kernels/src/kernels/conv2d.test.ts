import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, integers, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { type ConvCase, convCases, nameOf } from '../../test/conv-cases.js'
import { distance } from '../../test/expect-same-as-cpu.js'

type Shape4 = [number, number, number, number]
const inputShape = (c: ConvCase): Shape4 => [c.batch, c.height, c.width, c.inputs]
const filterShape = (c: ConvCase): Shape4 => [c.kernel[0], c.kernel[1], c.inputs, c.outputs]

/** Output of a convolution of small integers, which is exact, and both gradients, which are but for tiles of 4x4. */
function outputAndGradients(c: ConvCase): tf.Tensor[] {
  const x = tf.tensor4d(integers(tf.util.sizeFromShape(inputShape(c)), 1), inputShape(c))
  const filter = tf.tensor4d(integers(tf.util.sizeFromShape(filterShape(c)), 2), filterShape(c))
  const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.stride, c.pad)
  const y = convolve(x, filter)
  const dy = tf.tensor(integers(y.size, 3), y.shape)
  const [dx, dfilter] = tf.grads(convolve)([x, filter], dy)
  return [y, dx!, dfilter!]
}

async function expectSame(c: ConvCase): Promise<void> {
  const expected = await valuesOn('cpu', () => outputAndGradients(c))
  for (const path of paths) {
    const got = await valuesWithKernels(path, () => outputAndGradients(c))
    expect(got[0]).toEqual(expected[0])
    for (const gradient of [1, 2])
      if (mayTakeLargeTiles(c)) expect(distance(got[gradient]!, expected[gradient]!)).toBeLessThan(1e-5)
      else expect(got[gradient]).toEqual(expected[gradient])
  }
}

const mayTakeLargeTiles = ({ kernel, stride, inputs, outputs }: ConvCase) =>
  kernel.every((size) => size === 3) && stride === 1 && inputs % 4 === 0 && outputs % 4 === 0

describe('convolution and its gradients', () => {
  it.each(convCases().map((c) => [nameOf(c), c] as const))('%s', async (_, c) => {
    await expectSame(c)
  })

  const odd: [string, Partial<ConvCase>][] = [
    ['kernel wider than high', { kernel: [1, 5] }],
    ['kernel higher than wide', { kernel: [4, 2], stride: 2 }],
    [
      'explicit zeros, more than the kernel reaches',
      {
        pad: [
          [0, 0],
          [3, 1],
          [0, 4],
          [0, 0],
        ],
      },
    ],
    [
      'explicit zeros on one side, stride 2',
      {
        pad: [
          [0, 0],
          [2, 0],
          [0, 3],
          [0, 0],
        ],
        stride: 2,
      },
    ],
    ['zeros by number, stride 3', { pad: 2, stride: 3 }],
    ['stride beyond the kernel', { kernel: [2, 2], stride: 4 }],
    ['one pixel', { height: 3, width: 3, batch: 1 }],
    ['bands of a strided filter gradient, the last one narrower', { height: 31, width: 34, stride: 2, pad: 'same' }],
    ['the same with whole vectors', { height: 35, width: 33, stride: 2, inputs: 4, outputs: 8 }],
    ['rows of one large image in bands', { height: 40, width: 67, inputs: 64, outputs: 9, batch: 1 }],
  ]
  it.each(odd)('%s', async (_, change) => {
    const c = {
      batch: 2,
      height: 9,
      width: 11,
      inputs: 5,
      outputs: 6,
      kernel: [3, 3] as const,
      stride: 1,
      pad: 'valid' as const,
      ...change,
    }
    await expectSame(c)
  })

  it.each([
    [2, 'valid'],
    [3, 'same'],
  ] as const)('dilation %d, %s', async (dilation, pad) => {
    const make = () => {
      const x = tf.tensor4d(integers(3 * 12 * 11 * 5, 1), [3, 12, 11, 5])
      return tf.conv2d(x, tf.tensor4d(integers(3 * 2 * 5 * 6, 2), [3, 2, 5, 6]), 1, pad, 'NHWC', dilation)
    }
    const expected = await valuesOn('cpu', make)
    for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(expected)
  })

  it('keeps NaN and infinity', async () => {
    const make = () =>
      tf.conv2d(
        tf.tensor4d([1, Number.NaN, 2, Number.POSITIVE_INFINITY], [4, 1, 1, 1]),
        tf.ones([1, 1, 1, 4]) as tf.Tensor4D,
        1,
        'valid',
      )
    const expected = await valuesOn('cpu', make)
    for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(expected)
  })

  it('gives an empty batch an empty result', async () => {
    const make = () =>
      tf.conv2d(tf.zeros([0, 5, 5, 3]) as tf.Tensor4D, tf.ones([3, 3, 3, 4]) as tf.Tensor4D, 1, 'valid')
    for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual([[]])
  })
})

describe('LowbitConv2D', () => {
  it.each(['valid', 'same'])('adds the bias and multiplies by the scale, %s', async (pad) => {
    for (const outputs of [3, 8, 13]) {
      const tensors = () => ({
        x: tf.tensor4d(integers(2 * 6 * 7 * 4, 1), [2, 6, 7, 4]),
        filter: tf.tensor4d(integers(9 * 4 * outputs, 2), [3, 3, 4, outputs]),
        bias: tf.tensor1d(integers(outputs, 3)),
        scale: tf.tensor1d(floats(outputs, 4)),
      })
      const expected = await valuesOn('cpu', () => {
        const { x, filter, bias, scale } = tensors()
        return tf.mul(tf.add(tf.conv2d(x, filter, 1, pad as 'valid'), bias), scale)
      })
      const attrs = { strides: 1, pad, dataFormat: 'NHWC', dilations: 1 }
      for (const path of paths)
        expect(
          await valuesWithKernels(path, () => tf.engine().runKernel('LowbitConv2D', tensors(), attrs) as tf.Tensor),
        ).toEqual(expected)
    }
  })
})
