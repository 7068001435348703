import type * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { paths, valuesOn, valuesWithKernels } from './backends.js'

/** Holds our kernels, on every path, against the bits of the cpu backend: for results of small integers, which are exact. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const expected = await valuesOn('cpu', make)
  for (const path of paths) expect(await valuesWithKernels(path, make)).toEqual(expected)
}
