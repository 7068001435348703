import * as tf from '@tensorflow/tfjs'
import { expect, it, vi } from 'vitest'
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
  vi.useFakeTimers({ toFake: ['performance'] })
  const register = (kernelName: string, kernelFunc: tf.KernelFunc) =>
    tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc })
  register('Inner', () => {
    vi.advanceTimersByTime(20)
    return tf.ones([1])
  })
  register('Outer', () => {
    vi.advanceTimersByTime(5)
    return tf.engine().runKernel('Inner', {}) as tf.Tensor
  })
  try {
    const rows = await profileKernels('cpu', 1, async () => tf.engine().runKernel('Outer', {}))
    expect(rows).toMatchObject([
      { kernel: 'Inner', calls: 1, ms: 20 },
      { kernel: 'Outer', calls: 1, ms: 5 },
      { kernel: BETWEEN_KERNELS, ms: 0 },
    ])
  } finally {
    vi.useRealTimers()
    for (const name of ['Inner', 'Outer']) tf.unregisterKernel(name, 'cpu')
  }
})
