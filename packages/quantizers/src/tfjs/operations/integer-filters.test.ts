import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { onEachBackend } from '../../../test/on-each-backend.js'
import { integerFilters } from './integer-filters.js'

// Rows are weights, columns are filters: scales 1/2, 1/4 and 1.
const w = () => tf.tensor2d([0.6, 0.6, 0.6, -3.2, 0.1, 9, Number.NaN, -0.25, 2.5], [3, 3])
const mask = () => tf.tensor2d([1, 1, 0, 1, 0, 1, 1, 1, 1], [3, 3])
const intervals = () => ({
  inverseScale: tf.tensor1d([2, 4, 1]),
  minimum: tf.tensor1d([-4, -2, 0]),
  maximum: tf.tensor1d([3, 1, 7]),
})

onEachBackend(() => {
  it('rounds and clamps what the mask names, each filter in its interval, and scales the rest', () => {
    const f = Math.fround
    const expected = [1, 1, f(0.6), -4, f(f(0.1) * 4), 7, Number.NaN, -1, 2]
    expect([...integerFilters(w(), mask(), intervals()).dataSync()]).toEqual(expected)
  })

  it('passes the gradient where a weight is float or inside its interval', () => {
    const constants = [mask(), intervals()] as const
    const gradient = tf.grad((t) => integerFilters(t, ...constants).mul(10))(w())
    expect([...gradient.dataSync()]).toEqual([20, 0, 10, 0, 40, 0, 0, 40, 10])
  })

  it('rounds a bias by the same formula, without bounds where these are infinite', () => {
    const unbounded = { minimum: tf.fill([3], -Infinity), maximum: tf.fill([3], Infinity) }
    const bias = integerFilters(tf.tensor1d([1000.3, -2.5, 7.5]), tf.ones([3]), {
      inverseScale: tf.tensor1d([1, 1, 1]),
      ...unbounded,
    })
    expect([...bias.dataSync()]).toEqual([1000, -2, 8])
  })
})
