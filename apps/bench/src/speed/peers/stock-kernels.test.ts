import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { describe, expect, it } from 'vitest'
import { registerStockKernels } from './stock-kernels.js'

describe('the filter gradient made of stock kernels', () => {
  it.each([
    { side: 7, size: 3, stride: 1, pad: 'same' },
    { side: 7, size: 3, stride: 1, pad: 'valid' },
    { side: 8, size: 2, stride: 2, pad: 'valid' },
    // The last row and column are not read.
    { side: 8, size: 3, stride: 2, pad: 'valid' },
    { side: 8, size: 3, stride: 2, pad: 'same' },
    { side: 5, size: 1, stride: 2, pad: 'valid' },
    { side: 6, size: 5, stride: 1, pad: 1 },
  ] as const)(
    'is that of the cpu backend: $side pixels, $size, stride $stride, $pad',
    async ({ side, size, stride, pad }) => {
      await tf.setBackend('cpu')
      const image = tf.randomNormal<tf.Rank.R4>([3, side, side, 2], 0, 1, 'float32', 1)
      const filter = tf.randomNormal<tf.Rank.R4>([size, size, 2, 4], 0, 1, 'float32', 2)
      const [x, w] = [await image.data<'float32'>(), await filter.data<'float32'>()]
      const gradientOn = async (backend: string) => {
        await tf.setBackend(backend)
        registerStockKernels()
        return tf.tidy(() => {
          const images = tf.tensor4d(x, image.shape)
          const loss = (filters: tf.Tensor) => tf.sum(tf.square(tf.conv2d(images, filters as tf.Tensor4D, stride, pad)))
          return tf.grad(loss)(tf.tensor4d(w, filter.shape)).arraySync()
        })
      }
      const expected = await gradientOn('cpu')
      const actual = await gradientOn('wasm')
      const worst = tf.tidy(() => {
        const difference = tf.max(tf.abs(tf.sub(actual, expected)))
        return tf.div(difference, tf.max(tf.abs(tf.tensor(expected)))).dataSync()[0]!
      })
      expect(worst).toBeLessThan(1e-5)
    },
  )
})
