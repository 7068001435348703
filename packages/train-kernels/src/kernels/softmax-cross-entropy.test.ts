import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'

function fused(logits: Float32Array, labels: tf.Tensor, classes: number) {
  const inputs = { logits: tf.tensor2d(logits, [logits.length / classes, classes]), labels }
  return tf.engine().runKernel<tf.Tensor[]>('LowbitSoftmaxCrossEntropy', inputs)
}

describe('LowbitSoftmaxCrossEntropy', () => {
  it.each([
    [1, 2],
    [7, 10],
    [100, 1000],
  ])('%d rows of %d classes', async (rows, classes) => {
    const logits = floats(rows * classes, 1).map((x) => 8 * x)
    const labels = () => tf.softmax(tf.tensor2d(floats(rows * classes, 2), [rows, classes]))
    const [expected] = await valuesOn('cpu', () => {
      const loss = (x: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels(), x)
      const { value, grad } = tf.valueAndGrad(loss)(tf.tensor2d(logits, [rows, classes]))
      return tf.concat([tf.reshape(value, [1]), tf.reshape(grad, [-1])])
    })
    const [loss, gradient] = await valuesWithKernels(paths[0]!, () => fused(logits, labels(), classes))
    expect(loss![0]).toBeCloseTo(expected![0]!, 5)
    expect(Math.max(...gradient!.map((value, i) => Math.abs(value - expected![i + 1]!)))).toBeLessThan(3e-7)
  })

  it('is infinite, not NaN, where a certain class has probability 0', async () => {
    const logits = Float32Array.of(0, Number.NEGATIVE_INFINITY, 0, 1)
    const [loss] = await valuesWithKernels(paths[0]!, () => fused(logits, tf.tensor2d([0, 1, 1, 0], [2, 2]), 2))
    expect(loss).toEqual([Number.POSITIVE_INFINITY])
  })

  it('shows NaN', async () => {
    const [loss, gradient] = await valuesWithKernels(paths[0]!, () =>
      fused(Float32Array.of(1, Number.NaN), tf.tensor2d([1, 0], [1, 2]), 2),
    )
    expect([...loss!, ...gradient!]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})
