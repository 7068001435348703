import type * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { paths, valuesOn, valuesWithKernels } from './backends.js'

/** Holds our kernels, on every path, against the bits of the cpu backend: for results of small integers, which are exact. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const expected = await valuesOn('cpu', make)
  for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(expected)
}

/** The same within a part of the largest value of each result. */
export async function expectCloseToCpu(make: () => tf.Tensor | tf.Tensor[], tolerance: number): Promise<void> {
  const expected = await valuesOn('cpu', make)
  for (const path of paths) {
    const got = await valuesWithKernels(path, make)
    expect(got.map((values) => values.length)).toEqual(expected.map((values) => values.length))
    for (const [i, values] of got.entries()) expect(distance(values, expected[i]!)).toBeLessThan(tolerance)
  }
}

/** The largest difference, in units of the largest expected value. */
export function distance(got: readonly number[], expected: readonly number[]): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30)
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0) / largest
}
