import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { clipGradients } from './clip-gradients.js'

beforeAll(() => tf.setBackend('cpu'))

it('scales all gradients by one factor down to the norm, and leaves smaller ones alone', () => {
  const gradients = { a: tf.tensor1d([3, 0]), b: tf.tensor2d([[0], [-4]]) }
  const values = (maximum: number) => {
    const { a, b } = clipGradients(gradients, maximum)
    return [...a!.dataSync(), ...b!.dataSync()]
  }
  expect(values(5)).toEqual([3, 0, 0, -4])
  expect(values(7)).toEqual([3, 0, 0, -4])
  values(2.5).forEach((value, i) => {
    expect(value).toBeCloseTo([1.5, 0, 0, -2][i]!, 6)
  })
})
