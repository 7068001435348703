import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { BETWEEN_KERNELS, profileKernels } from './kernel-profile.js'

it('counts calls a step, and all rows together are the whole time', async () => {
  await tf.setBackend('cpu')
  const x = tf.ones([64, 64])
  const before = tf.getKernel('Add', 'cpu').kernelFunc
  const rows = await profileKernels('cpu', 4, async () => {
    for (let i = 0; i < 4; i++) tf.tidy(() => tf.matMul(tf.add(x, 1), tf.add(x, 2)))
  })
  expect(rows.find(({ kernel }) => kernel === 'Add')).toMatchObject({ calls: 2 })
  expect(rows.find(({ kernel }) => kernel === 'BatchMatMul')).toMatchObject({ calls: 1 })
  expect(rows.map(({ kernel }) => kernel)).toContain(BETWEEN_KERNELS)
  expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  expect(rows).toEqual(rows.toSorted((a, b) => b.ms - a.ms))
  expect(tf.getKernel('Add', 'cpu').kernelFunc).toBe(before)
})

it('counts a kernel without those that it calls', async () => {
  await tf.setBackend('cpu')
  const wait = (ms: number) => {
    const began = performance.now()
    while (performance.now() - began < ms);
  }
  const register = (kernelName: string, kernelFunc: tf.KernelFunc) =>
    tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc })
  register('Inner', () => {
    wait(20)
    return tf.ones([1])
  })
  register('Outer', () => {
    wait(5)
    return tf.engine().runKernel('Inner', {}) as tf.Tensor
  })
  try {
    const rows = await profileKernels('cpu', 1, async () => tf.engine().runKernel('Outer', {}))
    const inner = rows.find(({ kernel }) => kernel === 'Inner')!
    const outer = rows.find(({ kernel }) => kernel === 'Outer')!
    expect(inner.ms).toBeGreaterThanOrEqual(20)
    expect(outer.ms).toBeGreaterThanOrEqual(5)
    expect(outer.ms).toBeLessThan(inner.ms)
  } finally {
    for (const name of ['Inner', 'Outer']) tf.unregisterKernel(name, 'cpu')
  }
})
