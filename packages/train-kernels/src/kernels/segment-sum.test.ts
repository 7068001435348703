import * as tf from '@tensorflow/tfjs'
import { describe, it } from 'vitest'
import { integers } from '../../test/backends.js'
import { expectSameAsCpu } from '../../test/expect-same-as-cpu.js'

describe('UnsortedSegmentSum', () => {
  it('sums what has the same id and leaves out what has none', async () => {
    await expectSameAsCpu(() => [
      tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4, 5]), tf.tensor1d([0, 2, 0, -1, 7], 'int32'), 4),
      tf.unsortedSegmentSum(tf.tensor2d(integers(20, 1), [5, 4]), tf.tensor1d([1, 1, 0, 2, 1], 'int32'), 3),
    ])
  })

  it('is the gradient of gather', async () => {
    await expectSameAsCpu(() =>
      tf.grad((x: tf.Tensor) => tf.gather(x, tf.tensor1d([3, 1, 3], 'int32')))(
        tf.zeros([4, 3]),
        tf.tensor2d(integers(9, 1), [3, 3]),
      ),
    )
  })
})
