import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { finiteDifferences, largestDifference } from '../../../test/finite-differences.js'
import { type ConvolutionGeometry, scaledConvolution } from './scaled-convolution.js'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const operands = () => ({
  x: tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 1) as tf.Tensor4D,
  filter: tf.randomNormal([3, 2, 3, 4], 0, 1, 'float32', 2) as tf.Tensor4D,
  bias: tf.randomNormal([4], 0, 1, 'float32', 3),
  scale: tf.tensor1d([0.5, 1, 0.25, 2]),
})

describe.each<ConvolutionGeometry>([
  { padding: 'valid', strides: [1, 1], dilations: [1, 1] },
  { padding: 'same', strides: [1, 1], dilations: [1, 1] },
  { padding: 'same', strides: [2, 1], dilations: [1, 1] },
  { padding: 'valid', strides: [2, 2], dilations: [1, 1] },
])('scaledConvolution() with $padding padding and strides $strides', (geometry) => {
  const plain = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor, scale: tf.Tensor) =>
    tf
      .conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [...geometry.strides], geometry.padding)
      .add(bias)
      .mul<tf.Tensor>(scale)

  it('is (conv + bias) * scale', () => {
    const { x, filter, bias, scale } = operands()
    const y = scaledConvolution(x, filter, bias, scale, geometry)
    expect(y.dataSync()).toEqual(plain(x, filter, bias, scale).dataSync())
  })

  it('has the gradients that the plain operations have', () => {
    const { x, filter, bias, scale } = operands()
    const shape = plain(x, filter, bias, scale).shape
    const weights = tf.randomNormal(shape, 0, 1, 'float32', 4)
    const ours = tf.grads((x, filter, bias) =>
      tf.sum(scaledConvolution(x!, filter!, bias!, scale, geometry).mul(weights)),
    )
    const theirs = tf.grads((x, filter, bias) => tf.sum(plain(x!, filter!, bias!, scale).mul(weights)))
    const expected = theirs([x, filter, bias])
    ours([x, filter, bias]).forEach((gradient, i) => {
      expect(largestDifference(gradient.dataSync(), expected[i]!.dataSync())).toBeLessThan(1e-4)
    })
  })

  it('has the gradients that finite differences show', () => {
    const { x, filter, bias, scale } = operands()
    const f = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) =>
      tf.mean(tf.square(scaledConvolution(x, filter, bias, scale, geometry)))
    const [dx, dfilter, dbias] = tf.grads((x, filter, bias) => f(x!, filter!, bias!))([x, filter, bias])
    expect(
      largestDifference(
        dx!.dataSync(),
        finiteDifferences((t) => f(t, filter, bias), x),
      ),
    ).toBeLessThan(2e-3)
    expect(
      largestDifference(
        dfilter!.dataSync(),
        finiteDifferences((t) => f(x, t, bias), filter),
      ),
    ).toBeLessThan(2e-3)
    expect(
      largestDifference(
        dbias!.dataSync(),
        finiteDifferences((t) => f(x, filter, t), bias),
      ),
    ).toBeLessThan(2e-3)
  })
})

describe('scaledConvolution() with dilations', () => {
  const geometry: ConvolutionGeometry = { padding: 'valid', strides: [1, 1], dilations: [2, 2] }

  it('computes, and says that there is no gradient', () => {
    const { x, filter, bias, scale } = operands()
    const y = scaledConvolution(x, filter, bias, scale, geometry)
    const expected = tf.conv2d(x, filter, 1, 'valid', 'NHWC', 2).add(bias).mul<tf.Tensor>(scale)
    expect(y.dataSync()).toEqual(expected.dataSync())
    expect(() => tf.grad((t) => scaledConvolution(t, filter, bias, scale, geometry))(x)).toThrow(
      /dilations are \[2,2\], expected \[1,1\]/,
    )
  })
})
