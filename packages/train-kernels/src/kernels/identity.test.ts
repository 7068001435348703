import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import '@tensorflow/tfjs-backend-wasm'
import { registerTrainingKernels } from '../register-training-kernels.js'
import { addressOf, wasmBackend } from '../tfjs/wasm-backend.js'

it('Identity shares its values, which live as long as one of their tensors', async () => {
  await tf.setBackend('wasm')
  const registered = registerTrainingKernels()
  const before = tf.memory().numDataBuffers
  const x = tf.tensor1d([1, 2, 3])
  const clone = tf.clone(x)
  const address = (tensor: tf.Tensor) => addressOf(wasmBackend(tf.backend()), tensor)
  expect(address(clone)).toBe(address(x))
  x.dispose()
  expect(Array.from(clone.dataSync())).toEqual([1, 2, 3])
  clone.dispose()
  expect(tf.memory().numDataBuffers).toBe(before)
  registered.unregister()
})

it('Cast to the type that values have shares them too, and to another one does not', async () => {
  await tf.setBackend('wasm')
  const registered = registerTrainingKernels()
  const x = tf.tensor1d([1.5, 2, 3])
  const address = (tensor: tf.Tensor) => addressOf(wasmBackend(tf.backend()), tensor)
  const [same, integers] = [tf.cast(x, 'float32'), tf.cast(x, 'int32')]
  const runKernel = () => tf.engine().runKernel<tf.Tensor>('Cast', { x }, { dtype: 'float32' })
  const shared = runKernel()
  expect([same, shared].map(address)).toEqual([address(x), address(x)])
  expect(Array.from(integers.dataSync())).toEqual([1, 2, 3])
  tf.dispose([x, same, integers, shared])
  registered.unregister()
})
