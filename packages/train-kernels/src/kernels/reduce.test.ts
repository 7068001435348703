import * as tf from '@tensorflow/tfjs'
import { describe, it } from 'vitest'
import { integers } from '../../test/backends.js'
import { expectSameAsCpu } from '../../test/expect-same-as-cpu.js'

describe('Sum and Mean', () => {
  const shapes = [[1], [257], [5, 3], [4, 6, 6, 8], [64, 2, 2, 33], [3, 20000]]
  it.each(shapes.map((shape) => [shape.join('x'), shape] as const))('%s', async (_, shape) => {
    const x = () => tf.tensor(integers(tf.util.sizeFromShape(shape), 1), shape)
    const leading = shape.map((_, i) => shape.slice(0, i).map((_, j) => j))
    await expectSameAsCpu(() => [
      tf.sum(x()),
      ...leading.map((axes) => tf.sum(x(), axes)),
      ...leading.map((axes) => tf.sum(x(), axes, true)),
      tf.sum(x(), -1),
      tf.sum(tf.cast(x(), 'int32'), 0),
    ])
  })

  it('divides by the count', async () => {
    await expectSameAsCpu(() => [
      tf.mean(tf.tensor(integers(64 * 5, 1), [64, 5])),
      tf.mean(tf.tensor(integers(64 * 5, 1), [64, 5]), 0, true),
    ])
  })
})
