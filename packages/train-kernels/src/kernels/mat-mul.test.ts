import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { floats, integers, paths, valuesOn, valuesWithKernels } from '../../test/backends.js'
import { expectSameAsCpu } from '../../test/expect-same-as-cpu.js'

const matrix = (shape: number[], seed: number) => tf.tensor(integers(tf.util.sizeFromShape(shape), seed), shape)

describe('BatchMatMul', () => {
  const sizes = [
    [1, 1, 1],
    [7, 5, 3],
    [100, 64, 10],
    [3, 200, 33],
  ] as const
  it.each(sizes)('%d x %d times %d columns', async (rows, depth, columns) => {
    await expectSameAsCpu(() => [
      tf.matMul(matrix([rows, depth], 1), matrix([depth, columns], 2)),
      tf.matMul(matrix([depth, rows], 1), matrix([depth, columns], 2), true, false),
      tf.matMul(matrix([rows, depth], 1), matrix([columns, depth], 2), false, true),
      tf.matMul(matrix([depth, rows], 1), matrix([columns, depth], 2), true, true),
    ])
  })

  it('goes over batches, and over one matrix for all', async () => {
    await expectSameAsCpu(() => [
      tf.matMul(matrix([4, 3, 5, 6], 1), matrix([4, 3, 6, 7], 2)),
      tf.matMul(matrix([4, 5, 6], 1), matrix([6, 7], 2)),
      tf.matMul(matrix([5, 6], 1), matrix([4, 7, 6], 2), false, true),
      tf.matMul(matrix([3, 6, 5], 1), matrix([3, 6, 7], 2), true),
      tf.matMul(matrix([2, 1, 5, 6], 1), matrix([1, 3, 6, 7], 2)),
    ])
  })
})

describe('_FusedMatMul', () => {
  const x = floats(4 * 50, 1)
  const w = floats(50 * 7, 2)
  const b = floats(7, 3)
  const make = (activation: 'linear' | 'relu6' | 'sigmoid') =>
    tf.fused.matMul({ a: tf.tensor2d(x, [4, 50]), b: tf.tensor2d(w, [50, 7]), bias: tf.tensor1d(b), activation })

  it('rounds products and sums one by one, then adds the bias', async () => {
    const stated = Array.from({ length: 28 }, (_, i) => {
      let sum = 0
      for (let k = 0; k < 50; k++)
        sum = Math.fround(sum + Math.fround(x[Math.floor(i / 7) * 50 + k]! * w[k * 7 + (i % 7)]!))
      return Math.fround(sum + b[i % 7]!)
    })
    for (const path of paths) expect(await valuesWithKernels(path, () => make('linear'))).toEqual([stated])
  })

  it.each(['relu6', 'sigmoid'] as const)('%s', async (activation) => {
    const [expected] = await valuesOn('cpu', () => make(activation))
    const [got] = await valuesWithKernels(paths[0]!, () => make(activation))
    expect(Math.max(...got!.map((value, i) => Math.abs(value - expected![i]!)))).toBeLessThan(1e-6)
  })
})
