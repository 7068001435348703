import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floats, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'

/** An axis: its length, how much of it a slice leaves out on both sides, how much a pad adds. */
const axis = fc.record({
  kept: fc.integer({ min: 1, max: 6 }),
  left: fc.tuple(fc.nat(2), fc.nat(2)),
  added: fc.tuple(fc.nat(2), fc.nat(2)),
})

describe('Slice and PadV2', () => {
  it('copy the values that stock kernels copy, up to rank 5', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(axis, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -1, max: 1 }),
        async (axes, value) => {
          const shape = axes.map(({ kept, left }) => kept + left[0] + left[1])
          const make = () => {
            const x = tf.tensor(floats(tf.util.sizeFromShape(shape), 1), shape)
            return [
              tf.slice(
                x,
                axes.map(({ left }) => left[0]),
                axes.map(({ kept }) => kept),
              ),
              tf.pad(
                x,
                axes.map(({ added }) => added),
                value,
              ),
            ]
          }
          expect(await valuesWithKernels(paths[0]!, make)).toEqual(await valuesOn('cpu', make))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('have their gradients', async () => {
    const make = () => {
      const x = tf.tensor(floats(3 * 4 * 6, 1), [3, 4, 6])
      const [inner, outer] = [tf.tensor(floats(12, 2), [3, 2, 2]), tf.tensor(floats(5 * 4 * 7, 3), [5, 4, 7])]
      return [
        tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.slice(x, [0, 1, 3], [-1, 2, 2]), inner)))(x),
        tf.grad((x: tf.Tensor) =>
          tf.sum(
            tf.mul(
              tf.pad(x, [
                [1, 1],
                [0, 0],
                [0, 1],
              ]),
              outer,
            ),
          ),
        )(x),
      ]
    }
    expect(await valuesWithKernels(paths[0]!, make)).toEqual(await valuesOn('cpu', make))
  })

  it('leave integers and nothing at all to the kernels before them', async () => {
    const make = () => [
      tf.slice(tf.tensor1d([1, 2, 3], 'int32'), [1], [1]),
      tf.slice(tf.tensor1d([1, 2, 3]), [1], [0]),
      tf.pad(tf.tensor1d([1, 2, 3], 'int32'), [[1, 0]], 7),
    ]
    expect(await valuesWithKernels(paths[0]!, make)).toEqual([[2], [], [7, 1, 2, 3]])
  })
})
