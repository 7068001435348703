import * as tf from '@tensorflow/tfjs'
import { describe, it } from 'vitest'
import { integers } from '../../test/backends.js'
import { expectSameAsCpu } from '../../test/expect-same-as-cpu.js'

type Pad = 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]]

describe('a convolution to few outputs', () => {
  const cases: [number, number, number, number, number, Pad][] = [
    [12, 9, 4, 8, 5, 'valid'],
    [8, 8, 4, 8, 5, 'same'],
    [9, 13, 3, 5, 3, 'same'],
    [10, 17, 1, 64, 2, 'valid'],
    [
      9,
      31,
      2,
      10,
      3,
      [
        [0, 0],
        [4, 0],
        [0, 5],
        [0, 0],
      ],
    ],
    [3, 16, 4, 12, 7, 'same'],
  ]
  it.each(cases)(
    'and an input gradient of few inputs: %d x %d, %d and %d channels, kernel %d, %j',
    async (height, width, few, many, kernel, pad) => {
      const tensor = (shape: number[], seed: number) => tf.tensor(integers(tf.util.sizeFromShape(shape), seed), shape)
      await expectSameAsCpu(() => {
        const wide = tensor([3, height, width, many], 1) as tf.Tensor4D
        const narrowing = tensor([kernel, kernel, many, few], 2) as tf.Tensor4D
        const narrow = tensor([3, height, width, few], 3)
        const widening = tensor([kernel, kernel, few, many], 4) as tf.Tensor4D
        const widen = (x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, widening, 1, pad)
        const y = widen(narrow)
        return [tf.conv2d(wide, narrowing, 1, pad), tf.grad(widen)(narrow, tensor(y.shape, 5))]
      })
    },
  )
})
