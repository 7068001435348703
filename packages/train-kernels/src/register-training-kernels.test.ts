import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { paths } from '../test/backends.js'
import type { SimdPath } from './arithmetic.js'
import { registerTrainingKernels } from './register-training-kernels.js'

const kernelsOf = (backend: string) =>
  new Map(tf.getKernelsForBackend(backend).map((kernel) => [kernel.kernelName, kernel]))
afterEach(() => registerTrainingKernels().unregister())

describe('registerTrainingKernels', () => {
  it('gives the wasm backend what it lacks, the others nothing, and takes it back', async () => {
    await tf.setBackend('wasm')
    const [wasm, cpu] = [kernelsOf('wasm'), kernelsOf('cpu')]
    expect(wasm.has('Conv2DBackpropFilter')).toBe(false)
    const registered = registerTrainingKernels()
    expect(registered.path).toBe(paths.at(-1))
    expect(registered.kernels).toContain('Conv2DBackpropFilter')
    for (const name of registered.kernels) expect(tf.getKernel(name, 'wasm')).toBeDefined()
    expect(kernelsOf('cpu')).toEqual(cpu)
    registered.unregister()
    expect(kernelsOf('wasm')).toEqual(wasm)
  })

  it('changes nothing when it is called again, and nothing when what it gave was taken back before', () => {
    const first = registerTrainingKernels()
    const kernels = kernelsOf('wasm')
    expect(registerTrainingKernels()).toBe(first)
    expect(kernelsOf('wasm')).toEqual(kernels)
    first.unregister()
    const stock = kernelsOf('wasm')
    first.unregister()
    expect(kernelsOf('wasm')).toEqual(stock)
  })

  it.runIf(paths.length > 1)('changes over to the path asked for', () => {
    const relaxed = registerTrainingKernels({ path: 'relaxed' })
    const plain = registerTrainingKernels({ path: 'plain' })
    expect([relaxed.path, plain.path]).toEqual(['relaxed', 'plain'])
    relaxed.unregister()
    expect(registerTrainingKernels({ path: 'plain' })).toBe(plain)
    plain.unregister()
    expect(kernelsOf('wasm').has('Conv2DBackpropFilter')).toBe(false)
  })

  it('names the path that it does not know', () => {
    expect(() => registerTrainingKernels({ path: 'fast' as SimdPath })).toThrow(
      'got path fast, expected relaxed or plain',
    )
  })

  it('leaves what it does not compute to the kernel that was there', async () => {
    await tf.setBackend('wasm')
    const integers = () => tf.sum(tf.tensor1d([1, 2, 3], 'int32')).dataSync()
    const before = integers()
    registerTrainingKernels()
    expect(integers()).toEqual(before)
    const attrs = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [1, 1, 1, 1] }
    const x = tf.ones([1, 1, 1, 1])
    expect(() => tf.engine().runKernel('Conv2DBackpropFilter', { x, dy: x }, attrs)).toThrow(
      'Conv2DBackpropFilter: got x float32 [1,1,1,1]',
    )
    x.dispose()
  })
})
