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
